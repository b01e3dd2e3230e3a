import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EventStream } from '../../../src/api/live/books/eventStream.js';
import type { LiveEntry } from '../../../src/api/live/books/feeds.js';
import { LiveHub } from '../../../src/api/live/books/hub.js';
import { COMMIT_CHANNEL } from '../../../src/store/write/commitNotice.js';
import { type Action, accountOf, receipt, transfer } from '../../store/read/actions.js';
import type { Books } from '../../store/read/books.js';
import {
  ALICE,
  BOB,
  CAROL,
  DAVE,
  openScenario,
  PAYER,
  REFERENCE,
} from '../../store/read/scenario.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { loggerInto } from '../support.js';

const WIN = 1;
const REF = 2;

let books: Books;
let hub: LiveHub;
let status: EventStream<object>;
let block = 55;

beforeEach(async () => {
  block = 55;
  const databaseUrl = await freshDatabase();
  books = await openScenario(databaseUrl);
  hub = new LiveHub({ databaseUrl, logger: loggerInto([]), heardPollMs: 3_600_000 });
  status = await hub.followStatus(null);
  await status.next();
  commit = async (...operations) => {
    block += 1;
    await books.commit(1, block, new Map(operations), 45);
    // The processor writes no pools that did not change; these books do.
    const isMoney = operations.some(([, actions]) =>
      actions.some(({ kind }) => kind !== 'transfer'),
    );
    if (!isMoney) {
      await query(databaseUrl, 'DELETE FROM pool_version WHERE block_number = $1', [block]);
    }
    await query(databaseUrl, `NOTIFY ${COMMIT_CHANNEL}, '{}'`);
    // By then everybody has the event.
    await status.next();
  };
});
afterEach(async () => {
  await hub.close();
  await books.close();
});

let commit: (...operations: readonly (readonly [number, readonly Action[]])[]) => Promise<void>;

/** Whether an event is there already. */
async function hasEvent(stream: EventStream<unknown>): Promise<boolean> {
  const event = stream.next();
  const outcome = await Promise.race([event, Promise.resolve('nothing')]);
  return outcome !== 'nothing';
}

test('only its own transfers and the pools of its tokens send an entitlement again', async () => {
  const follow = async (account: typeof ALICE, held: number[]) => {
    const stream = await hub.followEntitlement({ account });
    const { value } = await stream.next();
    if (value !== undefined) value.held = new Set(held);
    return stream;
  };
  const told = async (account: typeof ALICE, held: number[], ...actions: [number, Action[]][]) => {
    const stream = await follow(account, held);
    await commit(...actions);
    const was = await hasEvent(stream);
    await stream.return();
    return was;
  };
  expect(await told(ALICE, [WIN], [WIN, [transfer(BOB, CAROL, 1n)]])).toBe(false);
  expect(await told(ALICE, [WIN], [WIN, [transfer(BOB, ALICE, 1n)]])).toBe(true);
  expect(await told(ALICE, [WIN], [WIN, [receipt(PAYER, 1n)]])).toBe(true);
  expect(await told(ALICE, [WIN], [REF, [receipt(PAYER, 1n)]])).toBe(false);
  // A token that it never held before.
  expect(await told(ALICE, [WIN], [REF, [transfer(DAVE, ALICE, 1n)]])).toBe(true);
});

test('a change of one token does not send an entitlement in another', async () => {
  const stream = await hub.followEntitlement({ account: ALICE, token: REFERENCE });
  const { value } = await stream.next();
  if (value !== undefined) value.held = new Set([WIN, REF]);
  await commit([WIN, [receipt(PAYER, 1n)]]);
  expect(await hasEvent(stream)).toBe(false);
});

test('filters pass what was asked for and nothing else', async () => {
  const alices = await hub.followList('transfers', { account: ALICE });
  const other = await hub.followList('transfers', { chainId: 2 });
  const ofRef = await hub.followList('transfers', { token: REFERENCE });
  for (const stream of [alices, other, ofRef]) await stream.next();
  // The first one opened with both chains.
  await alices.next();
  await ofRef.next();
  await commit([WIN, [transfer(BOB, CAROL, 1n), transfer(ALICE, BOB, 2n)]]);
  const { value } = await alices.next();
  expect(value?.added.map(({ row }) => row.position)).toEqual([1]);
  expect(await hasEvent(other)).toBe(false);
  expect(await hasEvent(ofRef)).toBe(false);
});

test('a client that takes nothing gets one gap for all that it missed, then continues', async () => {
  const slow = await hub.followList('receipts', { chainId: 1 });
  await slow.next();
  for (let missed = 0; missed <= 100; missed += 1) await commit([WIN, [receipt(PAYER, 1n)]]);
  const { value: gap } = await slow.next();
  expect(gap).toMatchObject({ fromBlock: 56, asOf: { block: 156 }, gap: 'SLOW_CLIENT', added: [] });
  await commit([WIN, [receipt(PAYER, 5n)]]);
  const { value: next } = await slow.next();
  expect(next).toMatchObject({ fromBlock: 157, asOf: { block: 157 }, gap: null });
  expect(next?.added).toHaveLength(1);
});

/** Replaces the blocks above `fork` by one with another hash, and tells nobody of what was before. */
async function reorg(fork: number, amountWei: bigint, finalized: number): Promise<void> {
  block = fork + 1;
  const replaced = { hash: Buffer.alloc(32, block), contracts: [WIN, REF] };
  await books.commit(1, block, new Map([[WIN, [receipt(PAYER, amountWei)]]]), finalized, replaced);
  await books.pool.query(`NOTIFY ${COMMIT_CHANNEL}`);
  await status.next();
}

const amounts = (entries: readonly LiveEntry[] = []) =>
  entries.map(({ row }) => [row.block, 'amountWei' in row ? row.amountWei : null]);

test('a fork is found by the hashes of blocks, and removed rows are sent as they were', async () => {
  const followed = await hub.followList('receipts', { chainId: 1 });
  await followed.next();
  await commit([WIN, [receipt(PAYER, 1n)]]);
  await commit([WIN, [receipt(PAYER, 2n)]]);
  await commit([REF, [receipt(PAYER, 3n)]]);
  for (let event = 0; event < 3; event += 1) await followed.next();
  await reorg(56, 20n, 45);
  const { value } = await followed.next();
  expect(value).toMatchObject({ fromBlock: 57, asOf: { block: 57 }, gap: null });
  expect(amounts(value?.withdrawn)).toEqual([
    [57, 2n],
    [58, 3n],
  ]);
  expect(amounts(value?.added)).toEqual([[57, 20n]]);
});

test('a client that came after the entries still gets their withdrawal', async () => {
  await commit([WIN, [receipt(PAYER, 1n)]]);
  const followed = await hub.followList('receipts', { chainId: 1 });
  await followed.next();
  await reorg(55, 20n, 45);
  const { value } = await followed.next();
  expect(amounts(value?.withdrawn)).toEqual([[56, 1n]]);
  expect(amounts(value?.added)).toEqual([[56, 20n]]);
});

test('a reorg of final blocks is a gap from the fork on', async () => {
  const followed = await hub.followList('receipts', { chainId: 1 });
  await followed.next();
  // Receipts of the scenario are in blocks 40 and 41, which are final.
  await reorg(40, 7n, 40);
  const { value } = await followed.next();
  expect(value).toMatchObject({ fromBlock: 41, asOf: { block: 41 }, gap: 'REORG', withdrawn: [] });
});

test('a subscription that either side ended is forgotten', async () => {
  const left = await hub.followList('claims', {});
  const kept = await hub.followList('claims', { account: accountOf(1) });
  expect(hub.subscriptions).toBe(3);
  await left.return();
  expect(hub.subscriptions).toBe(2);
  await hub.close();
  expect(hub.subscriptions).toBe(0);
  expect(await kept.next()).toEqual({ done: true, value: undefined });
  await expect(hub.followStatus(null)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
});

test('the status is also sent at intervals, because the lack of commits is news too', async () => {
  const databaseUrl = await freshDatabase();
  const own = await openScenario(databaseUrl);
  const patient = { heardPollMs: 3_600_000, statusEveryMs: 5 };
  const other = new LiveHub({ databaseUrl, logger: loggerInto([]), ...patient });
  const stream = await other.followStatus(1);
  for (let event = 0; event < 3; event += 1) expect((await stream.next()).done).toBe(false);
  await other.close();
  expect((await stream.next()).done).toBe(true);
  await own.close();
});
