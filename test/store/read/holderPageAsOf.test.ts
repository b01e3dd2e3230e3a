import { expect, test } from 'vitest';
import { addressFromBytes } from '../../../src/address.js';
import type { AsOf } from '../../../src/store/read/chains/asOf.js';
import { balanceTurns } from '../../../src/store/read/holders/balanceTurns.js';
import { compareHolders } from '../../../src/store/read/holders/holderPage.js';
import {
  type PartAsOf,
  readHolderPageAsOf,
  readPartsAsOf,
} from '../../../src/store/read/holders/holderPageAsOf.js';
import type { HolderKey } from '../../../src/store/read/holders/holderRows.js';
import { readTokens } from '../../../src/store/read/tokens/tokens.js';
import { Random } from '../../prove/fuzz/random.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { accountOf, mint, receipt, snapshot, transfer } from './actions.js';
import { Books, type TokenTerms } from './books.js';
import { everyStanding } from './everyStanding.js';
import { indexBalances } from './indexBalances.js';

const TERMS: TokenTerms = {
  chainId: 1,
  address: accountOf(1),
  symbol: 'T',
  policy: 'windowed',
  percent: 80n,
  window: 2,
  interval: 1n,
  intervalUnit: 'blocks',
  startBlock: 1,
  initialLastSnapshot: null,
};
const BLOCKS = 30;
const FILTERS = [{}, { minBalance: 1n }, { minBalance: 2n, maxBalance: 40n }];

/** Few accounts with few different balances, of which some move tokens all the time. */
async function busyBooks(seed: number) {
  const books = Books.open(await freshDatabase());
  const number = await books.addToken(TERMS);
  const random = new Random(seed);
  const accounts = Array.from({ length: 12 }, (_, index) => accountOf(100 + index));
  const some = () => accounts[random.below(accounts.length)] ?? accountOf(100);
  await books.commit(1, 1, new Map([[number, accounts.map((account) => mint(account, 20n))]]));
  for (let block = 2; block <= BLOCKS; block++) {
    const moves = Array.from({ length: 3 }, () =>
      transfer(some(), some(), BigInt(random.below(3))),
    );
    const busy = transfer(accountOf(100), accountOf(101), BigInt(block % 2));
    const newcomer = mint(accountOf(200 + block), BigInt(random.below(3)));
    const actions = [...moves, busy, newcomer, receipt(accountOf(9), 5n)];
    const all = block % 7 === 0 ? [...actions, snapshot(), ...moves] : actions;
    await books.commit(1, block, new Map([[number, all]]));
  }
  return { books, number };
}

/** Reads each part together with another one of the same shape. */
function partsOf({ pool }: Books) {
  return async (part: PartAsOf) => {
    const [, rows] = await readPartsAsOf(pool, [{ ...part, block: 3 }, part]);
    if (rows === undefined) throw new Error('a part without rows');
    return rows;
  };
}

test.each([1, 2])(
  'the pages of a list by balance at any block are those of the list of all holders then (seed %i)',
  async (seed) => {
    const { books, number: tokenNumber } = await busyBooks(seed);
    await indexBalances(books.pool);
    let pages = 0;
    for (const block of [1, 7, 8, BLOCKS - 3]) {
      const asOf: AsOf = { chainId: 1, block, hash: null, timestamp: null, isNewest: false };
      const [token] = await readTokens(books.pool);
      if (token === undefined) throw new Error('nothing is booked');
      const all = (await everyStanding(books.pool, token, asOf))
        .map(({ account, balance }) => ({ account, value: balance }))
        .sort(compareHolders);
      for (const filter of FILTERS) {
        const { minBalance = 0n, maxBalance = 1_000n } = filter;
        const inside = all.filter(({ value }) => value >= minBalance && value <= maxBalance);
        for (const direction of ['DESC', 'ASC'] as const) {
          const expected = direction === 'DESC' ? inside : inside.toReversed();
          const query = { tokenNumber, asOf, ...filter, direction, watch: () => () => undefined };
          for (const limit of block === 8 ? [2] : [9]) {
            const found: HolderKey[] = [];
            for (let hasMore = true; hasMore; pages++) {
              const after = found.at(-1) ?? null;
              const request = { limit, isBackward: false, after, before: null };
              const page = await readHolderPageAsOf(partsOf(books), query, request);
              found.push(...(page?.rows ?? []).map(({ account, value }) => ({ account, value })));
              hasMore = page?.hasNextPage ?? false;
            }
            expect(found).toEqual(expected);
          }
          const request = { limit: 3, isBackward: true, after: null, before: expected[4] ?? null };
          const page = await readHolderPageAsOf(partsOf(books), query, request);
          const last = expected[4] === undefined ? expected.slice(-3) : expected.slice(1, 4);
          expect(page?.rows.map(({ account }) => account)).toEqual(
            last.map(({ account }) => account),
          );
        }
      }
    }
    expect(pages).toBeGreaterThan(60);
    await books.close();
  },
);

test('without the index of all balances, a list at an earlier block is not read page by page', async () => {
  const { books, number: tokenNumber } = await busyBooks(3);
  const asOf: AsOf = { chainId: 1, block: 5, hash: null, timestamp: null, isNewest: false };
  const query = { tokenNumber, asOf, direction: 'DESC', watch: () => () => undefined } as const;
  const request = { limit: 2, isBackward: false, after: null, before: null };
  expect(await readHolderPageAsOf(partsOf(books), query, request)).toBeNull();
  await books.close();
});

/** Everything that a walk in turns of 2, 3 and 4 balances found, and what it reports of its end. */
async function walkIn({ pool }: Books, tokenNumber: number, passed: number) {
  const items = balanceTurns({
    ...{ token: '$1', conditions: ['b.block_number <= $2'], passed },
    turns: ['2', '3', '4'],
  });
  const { rows } = await pool.query<{
    readonly accounts: Buffer[];
    readonly account: Buffer;
    readonly balance: string;
    readonly is_whole: boolean;
  }>(
    `WITH ${items.join(', ')} SELECT e.*,
       (SELECT array_agg(DISTINCT account) FROM walked) AS accounts FROM walk_end e`,
    [tokenNumber, BLOCKS],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a walk without an end');
  const end = { account: addressFromBytes(row.account), value: BigInt(row.balance) };
  return { accounts: new Set(row.accounts.map(addressFromBytes)), end, isWhole: row.is_whole };
}

test.each([
  { passed: 1_000, least: 4 },
  { passed: 2, least: 1 },
  { passed: 5, least: 1 },
])(
  'a walk along balances finds every account that has one before its end (%o)',
  async ({ passed, least }) => {
    const { books, number } = await busyBooks(4);
    await indexBalances(books.pool);
    const { accounts, end, isWhole } = await walkIn(books, number, passed);
    const { rows } = await books.pool.query<{ account: Buffer; balance: string }>(
      'SELECT account, balance FROM balance_checkpoint WHERE token_number = $1',
      [number],
    );
    const before = rows
      .map(({ account, balance }) => ({
        account: addressFromBytes(account),
        value: BigInt(balance),
      }))
      .filter((place) => compareHolders(place, end) <= 0);
    expect(new Set(before.map(({ account }) => account))).toEqual(accounts);
    expect(accounts.size).toBeGreaterThanOrEqual(least);
    expect(isWhole).toBe(false);
    await books.close();
  },
);
