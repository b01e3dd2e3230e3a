import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ZERO_ADDRESS } from '../../../src/address.js';
import { type AsOf, resolveAsOf } from '../../../src/store/read/chains/asOf.js';
import { readChainHeads } from '../../../src/store/read/chains/chainHeads.js';
import { CLAIMS } from '../../../src/store/read/operations/claims.js';
import {
  type Direction,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
  operationKey,
} from '../../../src/store/read/operations/operation.js';
import {
  readOperationPage,
  readOperationPageByAmount,
} from '../../../src/store/read/operations/operationPage.js';
import { countOperations } from '../../../src/store/read/operations/operationSelect.js';
import {
  type OperationScope,
  readOperationWindows,
} from '../../../src/store/read/operations/operationWindows.js';
import { RECEIPTS } from '../../../src/store/read/operations/receipts.js';
import { REDEMPTIONS } from '../../../src/store/read/operations/redemptions.js';
import { TRANSFERS } from '../../../src/store/read/operations/transfers.js';
import type { Page } from '../../../src/store/read/query/keysetPage.js';
import { readTokens, type TokenRecord } from '../../../src/store/read/tokens/tokens.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { accountOf, mint, receipt, timeOf, transfer } from './actions.js';
import { Books } from './books.js';
import { ALICE, BOB, CAROL, ERIN, openScenario, PAYER } from './scenario.js';

let books: Books;
let tokens: TokenRecord[];
let asOf: Map<number, AsOf>;

beforeAll(async () => {
  books = await openScenario(await freshDatabase());
  await addCrowd(books);
  tokens = await readTokens(books.pool);
  asOf = await newest(books);
});
afterAll(() => books.close());

/** Two chains whose blocks share their times, two tokens in one block, equal amounts. */
async function addCrowd(to: Books): Promise<void> {
  const terms = {
    address: accountOf(0x70),
    symbol: 'C',
    policy: 'windowed' as const,
    percent: 80n,
    window: 2,
    interval: 1n,
    intervalUnit: 'blocks' as const,
    startBlock: 100,
    initialLastSnapshot: null,
  };
  const first = await to.addToken({ ...terms, chainId: 1 });
  const second = await to.addToken({ ...terms, chainId: 1, address: accountOf(0x71) });
  const third = await to.addToken({ ...terms, chainId: 2, address: accountOf(0x72) });
  for (let block = 100; block < 110; block++) {
    const paid = (token: number) => [
      receipt(PAYER, BigInt(block % 3)),
      receipt(accountOf(token), 7n),
    ];
    await to.commit(
      1,
      block,
      new Map([
        [first, [mint(ALICE, 2n), ...paid(first)]],
        [second, paid(second)],
      ]),
    );
    await to.commit(2, block, new Map([[third, paid(third)]]));
  }
}

async function newest(of: Books): Promise<Map<number, AsOf>> {
  const heads = [...(await readChainHeads(of.pool)).values()];
  const moments = await Promise.all(heads.map((head) => resolveAsOf(of.pool, head, null)));
  return new Map(moments.map((moment) => [moment.chainId, moment]));
}

const windowsOf = (scope: Partial<OperationScope> = {}) =>
  readOperationWindows(books.pool, { tokens, asOf, ...scope });

async function list<Columns extends OperationColumns, Row extends OperationRecord, Filter>(
  kind: OperationKind<Columns, Row, Filter>,
  filter: Filter,
  scope: Partial<OperationScope> = {},
  direction: Direction = 'ASC',
): Promise<readonly Row[]> {
  const windows = await windowsOf(scope);
  const whole = { limit: 1000, isBackward: false, after: null, before: null };
  const query = { windows, filter, direction };
  const { rows } = await readOperationPage(books.pool, kind, query, whole);
  expect(await countOperations(books.pool, kind, query)).toBe(rows.length);
  return rows;
}

/** Walks a list page by page from either end. */
async function walk<Row extends { readonly id: string }, Key>(
  read: (request: {
    limit: number;
    isBackward: boolean;
    after: Key | null;
    before: Key | null;
  }) => Promise<Page<Row>>,
  keyOf: (row: Row) => Key,
  limit: number,
  isBackward: boolean,
): Promise<string[]> {
  const ids: string[] = [];
  let key: Key | null = null;
  for (let isMore = true; isMore; ) {
    const page: Page<Row> = await read({
      limit,
      isBackward,
      after: isBackward ? null : key,
      before: isBackward ? key : null,
    });
    const found = page.rows.map(({ id }) => id);
    if (isBackward) ids.unshift(...found);
    else ids.push(...found);
    isMore = isBackward ? page.hasPreviousPage : page.hasNextPage;
    const edge = page.rows.at(isBackward ? 0 : -1);
    if (edge !== undefined) key = keyOf(edge);
  }
  return ids;
}

describe('filters of operations', () => {
  const amounts = (rows: readonly { amountWei: bigint }[]) => rows.map((row) => row.amountWei);
  const win = () => ({ tokens: tokens.slice(0, 1) });

  test('list the receipts of a token in chain order', async () => {
    expect(amounts(await list(RECEIPTS, {}, win()))).toEqual([1000n, 500n, 101n, 50n]);
    expect(amounts(await list(RECEIPTS, {}, win(), 'DESC'))).toEqual([50n, 101n, 500n, 1000n]);
  });

  test('bound a list by blocks and times, both ends included', async () => {
    const inBlocks = await list(RECEIPTS, {}, { ...win(), block: { gte: 30, lte: 40 } });
    expect(amounts(inBlocks)).toEqual([500n, 101n]);
    const timestamp = { gte: timeOf(30), lte: timeOf(40) };
    expect(amounts(await list(RECEIPTS, {}, { ...win(), timestamp }))).toEqual([500n, 101n]);
    const nothing = { gte: timeOf(31), lte: timeOf(32) };
    expect(await list(RECEIPTS, {}, { ...win(), timestamp: nothing })).toEqual([]);
    const never = { gte: timeOf(5000) };
    expect(await list(RECEIPTS, {}, { ...win(), timestamp: never })).toEqual([]);
    expect(await list(RECEIPTS, {}, { ...win(), block: { gte: 41, lte: 40 } })).toEqual([]);
  });

  test('never pass operations after the moment of the list', async () => {
    const moment = asOf.get(1);
    if (moment === undefined) throw new Error('chain 1 has no moment');
    const then = new Map([[1, { ...moment, block: 30 }]]);
    expect(amounts(await list(RECEIPTS, {}, { ...win(), asOf: then }))).toEqual([1000n, 500n]);
  });

  test('select receipts by amount, payer, kind and transaction', async () => {
    const range = { gte: 101n, lte: 500n };
    expect(amounts(await list(RECEIPTS, { amountWei: range }, win()))).toEqual([500n, 101n]);
    expect(await list(RECEIPTS, { payer: PAYER, kind: 'call' }, win())).toHaveLength(4);
    expect(await list(RECEIPTS, { payer: ALICE }, win())).toEqual([]);
    expect(await list(RECEIPTS, { kind: 'untraced' }, win())).toEqual([]);
    const [first] = await list(RECEIPTS, {}, win());
    const transactionHash = first?.transactionHash ?? null;
    expect(await list(RECEIPTS, { transactionHash })).toEqual([first]);
  });

  test('select claims by holder and by snapshot', async () => {
    expect(await list(CLAIMS, { holder: BOB })).toMatchObject([
      { holder: BOB, snapshotId: 1, amountWei: 240n, snapshotClaimedWei: 240n, block: 21 },
    ]);
    expect(await list(CLAIMS, { snapshotId: 1 })).toMatchObject([
      { holder: BOB },
      { holder: ERIN },
    ]);
    expect(await list(CLAIMS, { snapshotId: 2, holder: BOB })).toEqual([]);
  });

  test('select redemptions, each with the pool that paid', async () => {
    expect(await list(REDEMPTIONS, { holder: ALICE })).toMatchObject([
      { burned: 10n, amountWei: 66n, fromNewWei: 2n, fromPoolWei: 64n },
    ]);
  });

  test('find transfers of an account through its checkpoints, in both directions', async () => {
    const of = (filter: object) => list(TRANSFERS, filter, win());
    expect(await of({ account: ALICE })).toMatchObject([
      { from: ZERO_ADDRESS, to: ALICE, amount: 60n, block: 10, logIndex: 0 },
      { from: ALICE, to: CAROL, amount: 10n, block: 22 },
      { from: ALICE, to: ZERO_ADDRESS, amount: 10n, block: 50, logIndex: 1 },
    ]);
    expect(await of({ from: ALICE })).toHaveLength(2);
    expect(await of({ from: ALICE, to: CAROL })).toHaveLength(1);
    expect(await of({ to: CAROL })).toHaveLength(1);
    expect(await of({ account: ALICE, amount: { gte: 11n } })).toHaveLength(1);
    expect(await of({ account: accountOf(1) })).toEqual([]);
  });

  test('treat the zero address as sender of mints and recipient of burns', async () => {
    const of = (filter: object) => list(TRANSFERS, filter, win());
    expect(await of({ from: ZERO_ADDRESS })).toMatchObject([{ to: ALICE }, { to: BOB }]);
    expect(await of({ to: ZERO_ADDRESS })).toMatchObject([{ from: ALICE, block: 50 }]);
    expect(await of({ account: ZERO_ADDRESS })).toHaveLength(3);
    expect(await of({ from: ZERO_ADDRESS, to: BOB })).toHaveLength(1);
  });
});

describe('paging', () => {
  test.each(['ASC', 'DESC'] as const)(
    'returns every receipt of all chains once, in order of time, from both ends (%s)',
    async (direction) => {
      const windows = await windowsOf();
      const all = await list(RECEIPTS, {}, {}, direction);
      expect(all).toHaveLength(67);
      const times = all.map(({ timestamp }) => timestamp.getTime());
      const sign = direction === 'ASC' ? 1 : -1;
      expect(times).toEqual(times.toSorted((left, right) => sign * (left - right)));
      for (const limit of [1, 2, 7]) {
        for (const isBackward of [false, true]) {
          const ids = await walk(
            (request) =>
              readOperationPage(books.pool, RECEIPTS, { windows, filter: {}, direction }, request),
            operationKey,
            limit,
            isBackward,
          );
          expect(ids).toEqual(all.map(({ id }) => id));
        }
      }
    },
  );

  test.each(['ASC', 'DESC'] as const)(
    'orders equal amounts by their place in the chain (%s)',
    async (direction) => {
      const windows = await windowsOf();
      const read = (request: Parameters<typeof readOperationPageByAmount>[3]) =>
        readOperationPageByAmount(
          books.pool,
          RECEIPTS,
          { windows, filter: {}, direction },
          request,
        );
      const { rows } = await read({ limit: 1000, isBackward: false, after: null, before: null });
      const amounts = rows.map(({ amountWei }) => amountWei);
      const isInOrder = (one: bigint, next: bigint) =>
        direction === 'ASC' ? one <= next : one >= next;
      const outOfOrder = amounts
        .slice(1)
        .filter((next, before) => !isInOrder(amounts[before] ?? next, next));
      expect(outOfOrder).toEqual([]);
      for (const isBackward of [false, true]) {
        const ids = await walk(
          read,
          ({ amountWei, id }) => ({ amount: amountWei, id }),
          5,
          isBackward,
        );
        expect(ids).toEqual(rows.map(({ id }) => id));
      }
    },
  );

  test('returns the transfers of an account block by block', async () => {
    const windows = await windowsOf();
    const all = await list(TRANSFERS, { account: ALICE }, {}, 'DESC');
    expect(all).toHaveLength(14);
    const ids = await walk(
      (request) =>
        readOperationPage(
          books.pool,
          TRANSFERS,
          { windows, filter: { account: ALICE }, direction: 'DESC' },
          request,
        ),
      operationKey,
      3,
      false,
    );
    expect(ids).toEqual(all.map(({ id }) => id));
  });

  test('returns the rows between two keys, without the ends', async () => {
    const all = await list(RECEIPTS, {});
    const key = (index: number) => {
      const row = all[index];
      return row === undefined ? null : operationKey(row);
    };
    const query = { windows: await windowsOf(), filter: {}, direction: 'ASC' as const };
    const between = { after: key(10), before: key(20) };
    const first = { limit: 100, isBackward: false, ...between };
    const forward = await readOperationPage(books.pool, RECEIPTS, query, first);
    expect(forward.rows).toEqual(all.slice(11, 20));
    expect(forward).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const last = { limit: 4, isBackward: true, ...between };
    const backward = await readOperationPage(books.pool, RECEIPTS, query, last);
    expect(backward.rows).toEqual(all.slice(16, 20));
    expect(backward).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  test('is not shifted by new rows', async () => {
    const more = Books.open(await freshDatabase());
    const token = await more.addToken({
      chainId: 1,
      address: accountOf(0x99),
      symbol: 'M',
      policy: 'windowed',
      percent: 1n,
      window: 2,
      interval: 1n,
      intervalUnit: 'blocks',
      startBlock: 1,
      initialLastSnapshot: null,
    });
    const pay = (block: number) =>
      more.commit(1, block, new Map([[token, [receipt(PAYER, BigInt(block))]]]));
    for (let block = 1; block <= 6; block++) await pay(block);
    const page = async (after: OperationRecord | undefined) => {
      const moments = await newest(more);
      const all = await readTokens(more.pool);
      const windows = await readOperationWindows(more.pool, { tokens: all, asOf: moments });
      const key = after === undefined ? null : operationKey(after);
      return readOperationPage(
        more.pool,
        RECEIPTS,
        { windows, filter: {}, direction: 'DESC' },
        { limit: 3, isBackward: false, after: key, before: null },
      );
    };
    const first = await page(undefined);
    expect(first.rows.map(({ amountWei }) => amountWei)).toEqual([6n, 5n, 4n]);
    await pay(7);
    await pay(8);
    const second = await page(first.rows.at(-1));
    expect(second.rows.map(({ amountWei }) => amountWei)).toEqual([3n, 2n, 1n]);
    await more.close();
  });
});

test('transfers between busy accounts are all found', async () => {
  const busy = Books.open(await freshDatabase());
  const token = await busy.addToken({
    chainId: 1,
    address: accountOf(0x99),
    symbol: 'B',
    policy: 'windowed',
    percent: 1n,
    window: 2,
    interval: 1n,
    intervalUnit: 'blocks',
    startBlock: 1,
    initialLastSnapshot: null,
  });
  await busy.commit(1, 1, new Map([[token, [mint(ALICE, 100n), mint(BOB, 100n)]]]));
  // Several in a block, to oneself, of nothing, and there and back.
  await busy.commit(
    1,
    2,
    new Map([
      [
        token,
        [
          transfer(ALICE, BOB, 5n),
          transfer(BOB, ALICE, 5n),
          transfer(ALICE, ALICE, 1n),
          transfer(ALICE, CAROL, 0n),
          transfer(BOB, CAROL, 1n),
        ],
      ],
    ]),
  );
  const all = await readTokens(busy.pool);
  const windows = await readOperationWindows(busy.pool, { tokens: all, asOf: await newest(busy) });
  const whole = { limit: 1000, isBackward: false, after: null, before: null };
  const amounts = async (filter: object) => {
    const query = { windows, filter, direction: 'ASC' as const };
    const { rows } = await readOperationPage(busy.pool, TRANSFERS, query, whole);
    return rows.map(({ amount }) => amount);
  };
  expect(await amounts({ account: ALICE })).toEqual([100n, 5n, 5n, 1n, 0n]);
  expect(await amounts({ account: CAROL })).toEqual([0n, 1n]);
  await busy.close();
});
