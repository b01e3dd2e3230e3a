import { expect, test } from 'vitest';
import { ClaimableLeaders } from '../../../src/api/reads/claimableLeaders.js';
import { type Moment, resolveAsOf } from '../../../src/store/read/chains/asOf.js';
import { readChainHeads } from '../../../src/store/read/chains/chainHeads.js';
import { readEntitlements } from '../../../src/store/read/entitlements/entitlements.js';
import { compareHolders } from '../../../src/store/read/holders/holderPage.js';
import type { HolderKey } from '../../../src/store/read/holders/holderRows.js';
import { readTokens } from '../../../src/store/read/tokens/tokens.js';
import { Random } from '../../prove/fuzz/random.js';
import {
  type Action,
  accountOf,
  claim,
  mint,
  receipt,
  snapshot,
  transfer,
} from '../../store/read/actions.js';
import { Books, type TokenTerms } from '../../store/read/books.js';
import { everyStanding } from '../../store/read/everyStanding.js';
import { indexBalances } from '../../store/read/indexBalances.js';
import { freshDatabase } from '../../support/databases/postgres.js';

const HOLDERS = 40;
const PAYER = accountOf(9_999);

/** The token at its newest block. */
function newest(books: Books) {
  return moment(books, null);
}

/** The token at a block. */
async function moment(books: Books, at: Moment | null) {
  const [head] = [...(await readChainHeads(books.pool)).values()];
  const [token] = await readTokens(books.pool);
  if (head === undefined || token === undefined) throw new Error('nothing is booked');
  return { token, asOf: await resolveAsOf(books.pool, head, at) };
}

/** The whole list, page by page, as far as the leaders go. */
async function pages(
  books: Books,
  leaders: ClaimableLeaders,
  limit: number,
  at: Moment | null,
): Promise<HolderKey[]> {
  const { token, asOf } = await moment(books, at);
  const found: HolderKey[] = [];
  for (;;) {
    const page = await leaders.after(token, asOf, found.at(-1) ?? null, limit);
    if (page === null) return found;
    found.push(...page);
  }
}

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

test.each([
  { seed: 7, transfers: 6, leastFound: 10, balances: [[6], [6, 60], [6, 60, 6_000]] },
  { seed: 8, transfers: 2, leastFound: 0, balances: [[12]] },
  // Nearly all of the largest moved.
  { seed: 6, transfers: 25, leastFound: 1, balances: [[6], [6, 20, 200]] },
])(
  'the top by claimable revenue is that of the entitlements of all holders, at every block (%o)',
  async ({ seed, transfers, leastFound, balances }) => {
    const books = Books.open(await freshDatabase());
    const number = await books.addToken(TERMS);
    const random = new Random(seed);
    const holder = () => accountOf(100 + random.below(HOLDERS));
    const all = Array.from({ length: HOLDERS }, (_, index) => accountOf(100 + index));
    let block = 1;
    const commit = (actions: readonly Action[]) =>
      books.commit(1, block++, new Map([[number, actions]]));
    await commit(all.map((account) => mint(account, 10n + BigInt(random.below(5)))));

    await indexBalances(books.pool);
    const leaders = new ClaimableLeaders(books.pool, { chunk: 4, balances });
    let compared = 0;
    for (let round = 0; round < 12; round++) {
      await commit([
        ...Array.from({ length: transfers }, () => transfer(holder(), holder(), 1n)),
        receipt(PAYER, BigInt(1_000 + random.below(5_000))),
      ]);
      if (round % 3 === 0) await commit([snapshot()]);
      await commit(await claims(books, [holder(), holder(), holder()]));
      const at = round % 3 === 2 ? { block: block - 3 } : null;
      const { token, asOf } = await moment(books, at);
      const positive = (await everyStanding(books.pool, token, asOf))
        .filter(({ claimableWei }) => claimableWei > 0n)
        .map(({ account, claimableWei }) => ({ account, value: claimableWei }))
        .sort(compareHolders);
      for (const limit of [1, 3, 10]) {
        const found = await pages(books, leaders, limit, at);
        expect(found).toEqual(positive.slice(0, found.length));
        expect(found.length).toBeGreaterThanOrEqual(limit === 10 ? 0 : leastFound);
        compared += found.length;
      }
    }
    expect(compared).toBeGreaterThan(20 * leastFound);
    await books.close();
  },
);

/** Everybody who can claim something at the newest block, in the order of the list. */
async function claimants(books: Books): Promise<HolderKey[]> {
  const { token, asOf } = await newest(books);
  return (await everyStanding(books.pool, token, asOf))
    .map(({ account, claimableWei }) => ({ account, value: claimableWei }))
    .filter(({ value }) => value > 0n)
    .sort(compareHolders);
}

test('an issuer whose balance changes in every block does not hide the holders after it', async () => {
  const books = Books.open(await freshDatabase());
  const number = await books.addToken(TERMS);
  const commit = (block: number, actions: readonly Action[]) =>
    books.commit(1, block, new Map([[number, actions]]));
  const issuer = accountOf(50);
  await commit(1, [mint(issuer, 1_000_000n)]);
  for (let block = 2; block <= HOLDERS; block++) {
    await commit(block, [transfer(issuer, accountOf(100 + block), 500n - BigInt(block))]);
  }
  await commit(HOLDERS + 1, [receipt(PAYER, 9_000_000n), snapshot()]);
  await indexBalances(books.pool);
  const leaders = new ClaimableLeaders(books.pool, { chunk: 4, balances: [[5, 12]] });
  const { token, asOf } = await newest(books);
  expect(await leaders.after(token, asOf, null, 10)).toEqual((await claimants(books)).slice(0, 10));
  await books.close();
});

test.each([
  { what: 'each balance has a share of its own', revenue: 9_000_000n, found: 8 },
  { what: 'larger balances have the same share', revenue: 30n, found: 0 },
])(
  'of holders with equal shares, the lowest accounts are the first where $what',
  async ({ revenue, found }) => {
    const books = Books.open(await freshDatabase());
    const number = await books.addToken(TERMS);
    const commit = (block: number, actions: readonly Action[]) =>
      books.commit(1, block, new Map([[number, actions]]));
    const all = Array.from({ length: HOLDERS }, (_, index) => accountOf(100 + index));
    await commit(
      1,
      all.map((account) => mint(account, 70n)),
    );
    // The lowest account has less than the others, and had more than they ever had.
    await commit(2, [mint(accountOf(10), 90n)]);
    await commit(3, [transfer(accountOf(10), accountOf(100 + HOLDERS), 20n)]);
    await commit(4, [receipt(PAYER, revenue), snapshot()]);
    await indexBalances(books.pool);
    const leaders = new ClaimableLeaders(books.pool, { chunk: 3, balances: [[5, 8]] });
    const { token, asOf } = await newest(books);
    const expected = await claimants(books);
    expect(expected[1]?.value).toBe(expected[9]?.value);
    const page = await leaders.after(token, asOf, null, 8);
    expect(page ?? []).toEqual(expected.slice(0, found));
    await books.close();
  },
);

/** A claim of the newest snapshot for each account that has something of it. */
async function claims(books: Books, accounts: readonly `0x${string}`[]): Promise<Action[]> {
  const { token, asOf } = await newest(books);
  const distinct = [...new Set(accounts)];
  const entitlements = await readEntitlements(
    books.pool,
    distinct.map((account) => ({ token, account, block: asOf.block })),
  );
  return distinct.flatMap((account, index) => {
    const open = entitlements[index]?.snapshots.findLast(({ state }) => state === 'OPEN');
    return open === undefined ? [] : [claim(account, open.snapshotId, open.claimableWei)];
  });
}
