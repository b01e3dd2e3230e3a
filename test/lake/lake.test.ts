import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LocalPlace } from '../../src/lake/places/localPlace.js';
import { verifyLake } from '../../src/lake/verifyLake.js';
import { receipt } from '../store/read/actions.js';
import type { Books } from '../store/read/books.js';
import { openScenario, PAYER, WINDOWED } from '../store/read/scenario.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { appendTo, compareLake, duckDb, hashFinal } from './support.js';

let databaseUrl: string;
let books: Books;

beforeAll(async () => {
  databaseUrl = await freshDatabase();
  books = await openScenario(databaseUrl);
  await hashFinal(databaseUrl, [1, 2]);
});
afterAll(() => books.close());

async function newLake(): Promise<LocalPlace> {
  return new LocalPlace(join(await temporaryFolder(), 'lake'));
}

const viewsOf = (place: LocalPlace) => readFile(join(place.root, 'views.sql'), 'utf8');

test('the lake has all final rows of every chain, equal to the database, and no later ones', async () => {
  const place = await newLake();
  const written = await appendTo(place, databaseUrl, { blocksAtOnce: 3 });
  expect(written.manifest.chains.map(({ chainId, block }) => [chainId, block])).toEqual([
    [1, 45],
    [2, 60],
  ]);
  const { equal, differences } = await compareLake(written, databaseUrl, await viewsOf(place));
  expect(differences).toEqual([]);
  expect(equal).toMatchObject({ transfers: 6, receipts: 7, snapshots: 6, claims: 2 });
  expect(await verifyLake(place, () => undefined)).toMatchObject({ faults: [] });
});
