import { execFile } from 'node:child_process';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporaryFolder.js';

/** Three tables that get one column more, and the file that computes what a row says. */
const COMPUTED_IN = {
  Receipt: 'src/processor/tokens/book/tokenBook.ts',
  Claim: 'src/processor/tokens/book/revenueBook.ts',
  OracleRequest: 'src/processor/oracles/oracleBook.ts',
};
const MAKE_TABLES = `
  import { readFileSync, writeFileSync } from 'node:fs';
  import { tableFiles } from './scripts/tables.mjs';
  for (const [name, source] of tableFiles(readFileSync('schema.graphql', 'utf8')))
    writeFileSync('src/model/tables/' + name, source);`;

const run = promisify(execFile);
let folder: string;

/** A copy of the program with the new columns in schema.graphql, and what codegen makes of it. */
beforeAll(async () => {
  folder = await temporaryFolder();
  for (const name of ['src', 'devnet', 'scripts', 'package.json', 'tsconfig.json']) {
    await cp(name, join(folder, name), { recursive: true });
  }
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  let schema = await readFile('schema.graphql', 'utf8');
  for (const entity of Object.keys(COMPUTED_IN)) {
    const body = new RegExp(`^(type ${entity} [^}]*)\n}`, 'm');
    schema = schema.replace(body, '$1\n  "A new column."\n  addedColumn: String!\n}');
  }
  await writeFile(join(folder, 'schema.graphql'), schema);
  await run('node', ['--input-type=module', '--eval', MAKE_TABLES], { cwd: folder });
});

test('a new column of a table asks for its value in one file, besides schema.graphql and a migration', async () => {
  const tsc = join('node_modules', '.bin', 'tsc');
  const failed = await run(tsc, [], { cwd: folder }).catch((error: unknown) => error);
  const files = [
    ...String((failed as { readonly stdout?: unknown }).stdout).matchAll(/^([a-z]+\/[^(]+)\(/gm),
  ].map(([, file]) => file);
  expect([...new Set(files)].toSorted()).toEqual(Object.values(COMPUTED_IN).toSorted());
});

test('a new column is written, read, hashed and exported without another word', async () => {
  const load = (file: string) => import(/* @vite-ignore */ join(folder, 'src', file));
  const { claimLine } = await load('model/tables/claim.ts');
  const line: string = claimLine('1', CLAIM, CLAIM);
  expect(line.split('\t').at(-1)).toBe('here\n');
  const { CLAIMS } = await load('store/read/operations/claims.ts');
  expect(CLAIMS.columns).toContain('o."added_column"');
  expect(CLAIMS.decode(CLAIM_ROW).addedColumn).toBe('here');
  const { HASHED_TABLES } = await load('store/ledgerHash/hashedTables.ts');
  const hashed = HASHED_TABLES.find(({ name }: { name: string }) => name === 'claim');
  expect(hashed.values).toContain('added_column');
  const { claims } = await load('export/datasets/claims.ts');
  expect(claims.columns.at(-1)).toMatchObject({
    name: 'added_column',
    type: 'text',
    description: 'A new column.',
    isNullable: false,
  });
});

const CLAIM = { transactionHash: '0x', holder: '0x', addedColumn: 'here' };
const CLAIM_ROW = {
  holder: Buffer.alloc(20),
  transaction_hash: Buffer.alloc(32),
  snapshot_id: 1,
  amount_wei: '1',
  snapshot_claimed_wei: '1',
  added_column: 'here',
};
