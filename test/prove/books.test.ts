import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LocalPlace } from '../../src/lake/places/localPlace.js';
import { appendTo, compareLake } from '../lake/support.js';
import { hashFinal } from '../support/databases/hashFinal.js';
import { firstPartitioned } from '../support/databases/partitionEmpty.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { expectEqualSources } from './expectEqualSources.js';
import { proveBooks } from './proveBooks.js';

/** Seeds that once failed stay here for ever; the first is there for every run. */
const SEEDS = [7007];

/** The rows of each table of a lake that equals the database (long: npm run prove:lake). */
async function equalLake(databaseUrl: string): Promise<Record<string, number>> {
  await hashFinal(databaseUrl, [31_337]);
  const place = new LocalPlace(await temporaryFolder());
  const written = await appendTo(place, databaseUrl);
  const views = await readFile(join(place.root, 'views.sql'), 'utf8');
  const { equal, differences } = await compareLake(written, databaseUrl, views);
  expect(differences).toEqual([]);
  return equal;
}

it.each(SEEDS)(
  'the books of a whole offering equal its contracts, and a lake of them the database: seed %i (long: npm run prove:books)',
  async (seed) => {
    const lines: string[] = [];
    const lake: Record<string, number> = {};
    const result = await proveBooks({
      ops: 60,
      seed,
      earlierBlocks: 6,
      newDatabase: freshDatabase,
      say: (line) => lines.push(line),
      onIndexed: async (databaseUrl) => void Object.assign(lake, await equalLake(databaseUrl)),
    });
    expect(result.mismatches, lines.join('\n')).toEqual([]);
    expect(result.figures).toBeGreaterThan(1000);
    expect(lake.transfers).toBeGreaterThan(0);
    expect(lake.receipts).toBeGreaterThan(0);
  },
);

it('the books equal the contracts, however final blocks are found, in partitioned tables too (long: npm run prove:books -- --partitions --source ranges)', async () => {
  const lines: string[] = [];
  const result = await proveBooks({
    ops: 16,
    seed: 7007,
    earlierBlocks: 2,
    sources: ['portal', 'gateway', 'ranges', 'state', 'cache'],
    // One of them is partitioned, and has the rows of the others.
    newDatabase: firstPartitioned(freshDatabase),
    say: (line) => lines.push(line),
  });
  expectEqualSources(result, lines);
}, 180_000);
