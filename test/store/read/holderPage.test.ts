import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Address } from '../../../src/address.js';
import { type AsOf, resolveAsOf } from '../../../src/store/read/chains/asOf.js';
import { readChainHeads } from '../../../src/store/read/chains/chainHeads.js';
import { StaleMomentError } from '../../../src/store/read/holders/holderCache.js';
import { compareHolders, readHolderPage } from '../../../src/store/read/holders/holderPage.js';
import {
  type CachedMetric,
  groupsBeyond,
  type HolderKey,
  type HolderPart,
  type ListedHolder,
  type OrderedPart,
  readHolderParts,
} from '../../../src/store/read/holders/holderRows.js';
import { countHolders, type HolderFilter } from '../../../src/store/read/holders/holderScope.js';
import type { Direction } from '../../../src/store/read/operations/operation.js';
import type { PageRequest } from '../../../src/store/read/query/keysetPage.js';
import type { Queryable } from '../../../src/store/read/query/queryable.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { accountOf, claim, mint, receipt, redeem, snapshot, transfer } from './actions.js';
import { Books } from './books.js';

const WHOLE = { limit: 1000, isBackward: false, after: null, before: null };
const HOLDERS = 30;

let books: Books;
let asOf: AsOf;

/** 30 holders with balances 1, 2 and 3 in turn; some claim, some burn, some sell everything. */
beforeAll(async () => {
  books = Books.open(await freshDatabase());
  const token = await books.addToken({
    chainId: 1,
    address: accountOf(0x70),
    symbol: 'T',
    policy: 'reference',
    percent: 50n,
    window: null,
    interval: 1000n,
    intervalUnit: 'blocks',
    startBlock: 1,
    initialLastSnapshot: null,
  });
  const holders = Array.from({ length: HOLDERS }, (_, index) => accountOf(1000 + index));
  const of = (index: number): Address => accountOf(1000 + index);
  await books.commit(
    1,
    1,
    new Map([
      [
        token,
        [
          ...holders.map((holder, index) => mint(holder, BigInt(1 + (index % 3)))),
          receipt(accountOf(1), 12_000n),
          snapshot(),
        ],
      ],
    ]),
  );
  // 6,000 wei for 60 tokens: 100 wei for each.
  const claims = [0, 1, 3, 4, 6, 29].map((index) =>
    claim(of(index), 1, BigInt(100 * (1 + (index % 3)))),
  );
  await books.commit(1, 2, new Map([[token, claims]]));
  // The redeem pool has 6,000 wei: 100 for each token as well.
  await books.commit(
    1,
    3,
    new Map([
      [
        token,
        [
          ...redeem(of(2), 1n, 100n),
          ...redeem(of(5), 1n, 100n),
          ...redeem(of(8), 2n, 200n),
          transfer(of(9), of(10), 1n),
          transfer(of(12), of(10), 1n),
        ],
      ],
    ]),
  );
  asOf = await newest();
});
afterAll(() => books.close());

async function newest(): Promise<AsOf> {
  const head = (await readChainHeads(books.pool)).get(1);
  if (head === undefined) throw new Error('no head');
  return resolveAsOf(books.pool, head, null);
}

function page(
  metric: CachedMetric,
  direction: Direction,
  request: PageRequest<HolderKey>,
  filter: HolderFilter = {},
) {
  const readPart = async (part: OrderedPart<CachedMetric>) => {
    const [rows] = await readHolderParts(books.pool, [{ tokenNumber: 1, asOf, filter, ...part }]);
    if (rows === undefined) throw new Error('a part without rows');
    return rows.rowsAt(asOf);
  };
  return readHolderPage(readPart, { metric, direction }, request);
}

const keyOf = ({ value, account }: ListedHolder): HolderKey => ({ value, account });

describe.each(['balance', 'claimedWei', 'redeemedWei'] as const)('a list by %s', (metric) => {
  test.each(['ASC', 'DESC'] as const)(
    'has every holder once, in order, from both ends, however many are equal (%s)',
    async (direction) => {
      const { rows } = await page(metric, direction, WHOLE);
      expect(rows).toHaveLength(HOLDERS);
      const sign = direction === 'DESC' ? 1 : -1;
      const ordered = rows.toSorted(
        (left, right) => sign * compareHolders(keyOf(left), keyOf(right)),
      );
      expect(rows).toEqual(ordered);
      for (const isBackward of [false, true]) {
        for (const limit of [1, 4, 7]) {
          expect(await walk(direction, limit, isBackward)).toEqual(
            rows.map(({ account }) => account),
          );
        }
      }
    },
  );

  async function walk(direction: Direction, limit: number, isBackward: boolean) {
    const accounts: Address[] = [];
    let key: HolderKey | null = null;
    for (let isMore = true; isMore; ) {
      const ends: Pick<PageRequest<HolderKey>, 'after' | 'before'> = isBackward
        ? { after: null, before: key }
        : { after: key, before: null };
      const found = await page(metric, direction, { limit, isBackward, ...ends });
      const names = found.rows.map(({ account }) => account);
      if (isBackward) accounts.unshift(...names);
      else accounts.push(...names);
      isMore = isBackward ? found.hasPreviousPage : found.hasNextPage;
      const edge = found.rows.at(isBackward ? 0 : -1);
      if (edge !== undefined) key = keyOf(edge);
    }
    return accounts;
  }
});

test('figures are those of the newest block, former holders included', async () => {
  const figures = async (metric: CachedMetric, index: number) => {
    const { rows } = await page(metric, 'DESC', WHOLE);
    return rows.find(({ account }) => account === accountOf(1000 + index));
  };
  expect(await figures('balance', 9)).toMatchObject({ balance: 0n, value: 0n });
  expect(await figures('balance', 10)).toMatchObject({ balance: 4n, value: 4n });
  expect(await figures('claimedWei', 10)).toMatchObject({ balance: 4n, value: 0n });
  expect(await figures('claimedWei', 4)).toMatchObject({ balance: 2n, value: 200n });
  expect(await figures('redeemedWei', 4)).toMatchObject({ balance: 2n, value: 0n });
  expect(await figures('redeemedWei', 8)).toMatchObject({ balance: 1n, value: 200n });
});

test('filters narrow the list and the count alike', async () => {
  const filter = { minBalance: 1n, maxBalance: 2n, minClaimedWei: 100n };
  const { rows } = await page('claimedWei', 'DESC', WHOLE, filter);
  expect(rows.map(({ balance, value }) => [balance, value])).toEqual([
    [2n, 200n],
    [2n, 200n],
    [1n, 100n],
    [1n, 100n],
    [1n, 100n],
  ]);
  const byBalance = await page('balance', 'DESC', WHOLE, filter);
  expect(byBalance.rows.map(({ balance }) => balance)).toEqual([2n, 2n, 1n, 1n, 1n]);
  expect(await countHolders(books.pool, { tokenNumber: 1, asOf, filter })).toBe(5);
  const redeemed = await page('redeemedWei', 'ASC', WHOLE, { minRedeemedWei: 100n });
  expect(redeemed.rows.map(({ value }) => value)).toEqual([100n, 100n, 200n]);
});

test('a commit after the moment was read is detected', async () => {
  const before = asOf;
  await books.commit(1, 4);
  await expect(page('balance', 'DESC', WHOLE)).rejects.toThrow(StaleMomentError);
  const scope = { tokenNumber: 1, asOf: before, filter: {} };
  await expect(countHolders(books.pool, scope)).rejects.toThrow(StaleMomentError);
  asOf = await newest();
  expect((await page('balance', 'DESC', WHOLE)).rows).toHaveLength(HOLDERS);
});

test('a page beyond the end is empty', async () => {
  const after = { value: 0n, account: accountOf(0xffff) };
  const { rows } = await page('balance', 'DESC', { ...WHOLE, after });
  expect(rows).toEqual([]);
});

test('parts that are read together equal those that are read alone, with one statement for each shape', async () => {
  const starts = [accountOf(1001), accountOf(1014), accountOf(1029)];
  const parts = (['balance', 'claimedWei', 'redeemedWei'] as const).flatMap((metric) =>
    [true, false].flatMap((isDescending) =>
      [0n, 1n, 2n, 100n, 200n].flatMap((value) =>
        [null, ...starts.map((account) => ({ value, account }))].flatMap((start) => {
          const order = { tokenNumber: 1, asOf, filter: {}, metric, isDescending };
          return groupsBeyond(order, start).map(
            (group): HolderPart => ({ ...order, group, start, limit: 9 }),
          );
        }),
      ),
    ),
  );
  const narrowed = parts.map((part) => ({ ...part, filter: { maxBalance: 2n } }));
  for (const asked of [parts, narrowed]) {
    const texts: string[] = [];
    const counting: Queryable = {
      query: (statement) => {
        texts.push(statement.text);
        return books.pool.query(statement);
      },
    };
    const together = await readHolderParts(counting, asked);
    const alone = await Promise.all(
      asked.map(async (part) => (await readHolderParts(books.pool, [part]))[0]?.rowsAt(asOf)),
    );
    expect(together.map((rows) => rows.rowsAt(asOf))).toEqual(alone);
    // Two directions; by balance from the beginning or not, by each payment two groups likewise.
    expect(texts).toHaveLength(asked === parts ? 2 * (2 + 2 * 4) : parts.length);
  }
});
