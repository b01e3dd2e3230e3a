import { expect, test } from 'vitest';
import { ClaimableLeaders } from '../../src/api/claimableLeaders.js';
import { StandingsCache } from '../../src/api/standingsCache.js';
import { resolveAsOf } from '../../src/store/read/asOf.js';
import { readChainHeads } from '../../src/store/read/chainHeads.js';
import { readEntitlements } from '../../src/store/read/entitlements.js';
import type { HolderKey } from '../../src/store/read/holderRows.js';
import { readTokens } from '../../src/store/read/tokens.js';
import { Random } from '../prove/fuzz/random.js';
import {
  type Action,
  accountOf,
  claim,
  mint,
  receipt,
  snapshot,
  transfer,
} from '../store/read/actions.js';
import { Books } from '../store/read/books.js';
import { freshDatabase } from '../support/postgres.js';

const HOLDERS = 40;
const PAYER = accountOf(9_999);

/** The token at its newest block. */
async function newest(books: Books) {
  const [head] = [...(await readChainHeads(books.pool)).values()];
  const [token] = await readTokens(books.pool);
  if (head === undefined || token === undefined) throw new Error('nothing is booked');
  return { token, asOf: await resolveAsOf(books.pool, head, null) };
}

/** The whole list, page by page, as far as the leaders go. */
async function pages(books: Books, leaders: ClaimableLeaders, limit: number): Promise<HolderKey[]> {
  const { token, asOf } = await newest(books);
  const found: HolderKey[] = [];
  for (;;) {
    const page = await leaders.after(token, asOf, found.at(-1) ?? null, limit);
    if (page === null) return found;
    found.push(...page);
  }
}

test('the top by claimable revenue is that of the list over all holders, at every block', async () => {
  const books = Books.open(await freshDatabase());
  const number = await books.addToken({
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
  });
  const random = new Random(3);
  const holder = () => accountOf(100 + random.below(HOLDERS));
  const all = Array.from({ length: HOLDERS }, (_, index) => accountOf(100 + index));
  let block = 1;
  const commit = (actions: readonly Action[]) =>
    books.commit(1, block++, new Map([[number, actions]]));
  await commit(all.map((account) => mint(account, 10n + BigInt(random.below(5)))));

  const leaders = new ClaimableLeaders(books.pool, { chunk: 4, sharesAtMost: 30 });
  const standings = new StandingsCache(books.pool);
  let compared = 0;
  for (let round = 0; round < 12; round++) {
    await commit([
      ...Array.from({ length: 6 }, () => transfer(holder(), holder(), 1n)),
      receipt(PAYER, BigInt(1_000 + random.below(5_000))),
    ]);
    if (round % 3 === 0) await commit([snapshot()]);
    await commit(await claims(books, [holder(), holder(), holder()]));
    const { token, asOf } = await newest(books);
    const list = await standings.read(token, asOf, 'claimableWei');
    const positive = list
      .filter(({ claimableWei }) => claimableWei > 0n)
      .map(({ account, claimableWei }) => ({ account, value: claimableWei }));
    for (const limit of [1, 3, 10]) {
      const found = await pages(books, leaders, limit);
      expect(found).toEqual(positive.slice(0, found.length));
      expect(found.length).toBeGreaterThanOrEqual(10);
      compared += found.length;
    }
  }
  expect(compared).toBeGreaterThan(500);
  await books.close();
});

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
