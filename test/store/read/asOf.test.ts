import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Moment, resolveAsOf } from '../../../src/store/read/chains/asOf.js';
import { type ChainHead, readChainHeads } from '../../../src/store/read/chains/chainHeads.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { hashOf, timeOf } from './actions.js';
import type { Books } from './books.js';
import { openScenario } from './scenario.js';

let books: Books;
let head: ChainHead;

beforeAll(async () => {
  books = await openScenario(await freshDatabase());
  const found = (await readChainHeads(books.pool)).get(1);
  if (found === undefined) throw new Error('chain 1 has no head');
  head = found;
});
afterAll(() => books.close());

const asOf = (moment: Moment | null) => resolveAsOf(books.pool, head, moment);
const seconds = (time: Date, more: number) => new Date(time.getTime() + more * 1000);

test('the head shows how far a chain is indexed and final', async () => {
  expect(head).toEqual({
    chainId: 1,
    block: 55,
    hash: hashOf(1, 55),
    timestamp: timeOf(55),
    finalizedBlock: 45,
    finalizedHash: hashOf(1, 45),
  });
});

test('no moment means the newest indexed block', async () => {
  const newest = { chainId: 1, block: 55, hash: hashOf(1, 55), timestamp: timeOf(55) };
  expect(await asOf(null)).toEqual({ ...newest, isNewest: true });
  expect(await asOf({ block: 55 })).toEqual({ ...newest, isNewest: true });
  expect(await asOf({ timestamp: timeOf(55) })).toEqual({ ...newest, isNewest: true });
});

test('a block with an operation has its hash and time, another one has neither', async () => {
  expect(await asOf({ block: 21 })).toMatchObject({ hash: hashOf(1, 21), timestamp: timeOf(21) });
  expect(await asOf({ block: 23 })).toMatchObject({ block: 23, hash: null, timestamp: null });
});

test('a time means the newest block that is not later', async () => {
  expect(await asOf({ timestamp: timeOf(21) })).toMatchObject({ block: 21 });
  expect(await asOf({ timestamp: seconds(timeOf(21), -1) })).toMatchObject({ block: 20 });
  expect(await asOf({ timestamp: seconds(timeOf(21), 11) })).toMatchObject({ block: 21 });
  // Between the last operation and the newest block nothing changed.
  expect(await asOf({ timestamp: seconds(timeOf(55), -1) })).toMatchObject({ block: 50 });
});

test('a time before the first operation means the block before it', async () => {
  expect(await asOf({ timestamp: timeOf(2) })).toMatchObject({ block: 9, timestamp: null });
});

test.each([
  [{ block: 56 }, 'BLOCK_NOT_INDEXED'],
  [{ timestamp: seconds(timeOf(55), 1) }, 'BLOCK_NOT_INDEXED'],
  [{ block: -1 }, 'BAD_AT'],
  [{ block: 20, timestamp: timeOf(20) }, 'BAD_AT'],
])('%o is refused with %s', async (moment, code) => {
  await expect(asOf(moment)).rejects.toMatchObject({ code });
});

test('the error for a moment that is not indexed yet names the newest block', async () => {
  await expect(asOf({ block: 56 })).rejects.toThrow(/newest indexed block is 55 of 2023-11-14T/);
});
