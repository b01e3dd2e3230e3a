import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Address } from '../../../src/address.js';
import { holderList } from '../../../src/api/lists/holderList.js';
import type { HolderListArgs } from '../../../src/api/lists/holders.js';
import { holdersAsOf } from '../../../src/api/lists/holdersAsOf.js';
import { createContext, createServices } from '../../../src/api/request/context.js';
import type { OrderDirection } from '../../../src/api/values/enums.js';
import { redeemableWei } from '../../../src/ledger/entitlement.js';
import { rulesAt } from '../../../src/ledger/terms.js';
import type { AsOf } from '../../../src/store/read/chains/asOf.js';
import { resolveAsOf } from '../../../src/store/read/chains/asOf.js';
import { readChainHeads } from '../../../src/store/read/chains/chainHeads.js';
import { readEntitlements } from '../../../src/store/read/entitlements/entitlements.js';
import { countHoldersAsOf, readListAsOf } from '../../../src/store/read/holders/holderListAsOf.js';
import { compareHolders } from '../../../src/store/read/holders/holderPage.js';
import type { HolderFigure, HolderKey } from '../../../src/store/read/holders/holderRows.js';
import type { Where } from '../../../src/store/read/query/where.js';
import { type WhereGetters, wherePasses } from '../../../src/store/read/query/wherePasses.js';
import { readPools } from '../../../src/store/read/tokens/pools.js';
import { readTokens, type TokenRecord } from '../../../src/store/read/tokens/tokens.js';
import { Random } from '../../prove/fuzz/random.js';
import {
  type Action,
  accountOf,
  claim,
  mint,
  receipt,
  redeem,
  snapshot,
  transfer,
} from '../../store/read/actions.js';
import { Books, type TokenTerms } from '../../store/read/books.js';
import { everyStanding, type Standing } from '../../store/read/everyStanding.js';
import { indexBalances } from '../../store/read/indexBalances.js';
import { freshDatabase } from '../../support/databases/postgres.js';

const HOLDERS = 24;
const PAYER = accountOf(9_999);
/** Accounts with a label; the second one is a contract. */
const [NAMED, CONTRACT] = [accountOf(103), accountOf(107)];

const WINDOWED: TokenTerms = {
  ...{ chainId: 1, address: accountOf(1), symbol: 'W', policy: 'windowed', percent: 80n },
  ...{ window: 2, interval: 1n, intervalUnit: 'blocks', startBlock: 1, initialLastSnapshot: null },
};
const REFERENCE: TokenTerms = {
  ...WINDOWED,
  ...{ address: accountOf(2), symbol: 'R', policy: 'reference', window: null },
};

/** Fields of the list, of what the ledger says and what was written below. */
const GETTERS: WhereGetters<
  Standing,
  Omit<Standing, 'account'> & { address: Address; label: string | null; isContract: boolean | null }
> = {
  address: ({ account }) => account,
  balance: ({ balance }) => balance,
  claimableWei: ({ claimableWei }) => claimableWei,
  claimedWei: ({ claimedWei }) => claimedWei,
  redeemedWei: ({ redeemedWei }) => redeemedWei,
  label: ({ account }) => (account === NAMED || account === CONTRACT ? 'named' : null),
  // Nobody else's code was read.
  isContract: ({ account }) => (account === CONTRACT ? true : null),
};

const CONDITIONS: readonly (Where<object> | null)[] = [
  null,
  { balance: { _gte: 9n }, claimedWei: { _eq: 0n } },
  { claimableWei: { _gt: 0n, _lt: 400n } },
  { _or: [{ redeemedWei: { _gt: 0n } }, { claimableWei: { _eq: 0n } }] },
  { _not: { claimedWei: { _gt: 0n } }, address: { _gt: accountOf(104) } },
  { address: { _in: [NAMED, accountOf(100), accountOf(5)] }, balance: { _gt: 0n } },
  { label: { _eq: 'named' } },
  { _and: [{ isContract: { _eq: true } }, { claimableWei: { _gte: 0n } }] },
  { isContract: { _isNull: true }, _or: [{ label: { _isNull: false } }, { balance: { _lt: 8n } }] },
] as readonly (Where<object> | null)[];

const FILTERS: readonly HolderListArgs['filter'][] = [
  { minBalance: 8n, maxBalance: 14n },
  { minClaimableWei: 1n, minClaimedWei: 1n },
  { minRedeemedWei: 1n },
];

const SCOPES = [
  ...CONDITIONS.map((where) => ({ where, filter: null })),
  ...FILTERS.map((filter) => ({ where: null, filter })),
];

const ORDERS: readonly HolderFigure[] = ['balance', 'claimableWei', 'claimedWei', 'redeemedWei'];
const DIRECTIONS = ['DESC', 'ASC'] as OrderDirection[];

/** So small that every list takes several statements. */
const SIZES = { accounts: 7, atLeast: 3, balances: 30 };
const LIMIT = 9;

let books: Books;
/** A token with two open snapshots, one whose snapshots stay open, and the first again before its first one. */
let moments: (readonly [TokenRecord, AsOf, typeof SCOPES])[];

beforeAll(async () => {
  books = Books.open(await freshDatabase());
  const numbers = [await books.addToken(WINDOWED), await books.addToken(REFERENCE)];
  const tokens = await readTokens(books.pool);
  const random = new Random(15);
  const holder = () => accountOf(100 + random.below(HOLDERS));
  const early = () => accountOf(100 + random.below(HOLDERS - 6));
  let block = 0;
  const commit = async (actionsOf: (token: TokenRecord) => Promise<Action[]> | Action[]) => {
    const actions = await Promise.all(tokens.map(actionsOf));
    const ofTokens = new Map(numbers.map((number, index) => [number, actions[index] ?? []]));
    await books.commit(1, ++block, ofTokens);
  };
  await commit(() =>
    Array.from({ length: HOLDERS - 6 }, (_, index) =>
      mint(accountOf(100 + index), 8n + BigInt(index % 3)),
    ),
  );
  for (let round = 0; round < 8; round++) {
    await commit(() => [
      ...Array.from({ length: 4 }, () => transfer(early(), holder(), BigInt(random.below(2)))),
      // Holders who came later, and one who sells all.
      mint(accountOf(100 + HOLDERS - 6 + (round % 6)), BigInt(random.below(6))),
      receipt(PAYER, BigInt(1_000 + random.below(5_000))),
    ]);
    if (round % 2 === 0) await commit(() => [snapshot()]);
    await commit((token) => payments(token, block, [holder(), holder(), holder()], round));
  }
  await books.pool.query(
    `INSERT INTO label (chain_id, address, name) SELECT 1, a, 'named' FROM unnest($1::bytea[]) a`,
    [[NAMED, CONTRACT].map((account) => Buffer.from(account.slice(2), 'hex'))],
  );
  await books.pool.query(
    `INSERT INTO account_code (chain_id, address, code, block_number) VALUES (1, $1, 'contract', 1)`,
    [Buffer.from(CONTRACT.slice(2), 'hex')],
  );
  const head = (await readChainHeads(books.pool)).get(1);
  if (head === undefined) throw new Error('nothing is booked');
  const [windowed, reference] = tokens as [TokenRecord, TokenRecord];
  const at = (number: number | null) =>
    resolveAsOf(books.pool, head, number === null ? null : { block: number });
  moments = [
    [windowed, await at(14), SCOPES],
    [reference, await at(null), SCOPES.slice(0, 4)],
    [windowed, await at(2), SCOPES.slice(0, 3)],
  ];
});
afterAll(() => books.close());

/** Claims of the open snapshots of some accounts, and a burn now and then. */
async function payments(
  token: TokenRecord,
  block: number,
  accounts: readonly Address[],
  round: number,
): Promise<Action[]> {
  const standings = await everyStanding(books.pool, token, { block });
  const distinct = [...new Set(accounts)];
  const entitlements = await readEntitlements(
    books.pool,
    distinct.map((account) => ({ token, account, block })),
  );
  const claims = distinct.flatMap((account, index) => {
    const open = entitlements[index]?.snapshots.findLast(({ state }) => state === 'OPEN');
    return open === undefined ? [] : [claim(account, open.snapshotId, open.claimableWei)];
  });
  const burner = standings[round]?.account;
  if (burner === undefined || round % 3 !== 1) return claims;
  const [state] = await readPools(books.pool, [{ tokenNumber: token.number, block }]);
  if (state === undefined) throw new Error('the token has no pools');
  return [...redeem(burner, 1n, redeemableWei(rulesAt(token.rules, block), state, 1n)), ...claims];
}

function expectedOf(
  standings: readonly Standing[],
  orderBy: HolderFigure,
  direction: OrderDirection,
  { where, filter }: (typeof SCOPES)[number],
): (HolderKey & { balance: bigint })[] {
  const { minBalance = 0n, maxBalance, minClaimableWei = 0n } = filter ?? {};
  const { minClaimedWei = 0n, minRedeemedWei = 0n } = filter ?? {};
  const passing = standings.filter(
    (standing) =>
      wherePasses(standing, where as Where<never>, GETTERS) &&
      standing.balance >= (minBalance ?? 0n) &&
      standing.balance <= (maxBalance ?? standing.balance) &&
      standing.claimableWei >= (minClaimableWei ?? 0n) &&
      standing.claimedWei >= (minClaimedWei ?? 0n) &&
      standing.redeemedWei >= (minRedeemedWei ?? 0n),
  );
  const rows = passing.map((standing) => ({
    ...{ account: standing.account, balance: standing.balance, value: standing[orderBy] },
  }));
  rows.sort(compareHolders);
  return direction === 'DESC' ? rows : rows.reverse();
}

test.each([false, true])(
  'every page of every list of holders is that of the ledger, at old and new blocks (all balances indexed: %s)',
  async (isIndexed) => {
    if (isIndexed) await indexBalances(books.pool);
    const services = createServices(books.pool, []);
    let compared = 0;
    for (const [token, asOf, scopes] of isIndexed ? moments : moments.slice(-2)) {
      const standings = await everyStanding(books.pool, token, asOf);
      const context = createContext(services);
      for (const scope of scopes) {
        for (const orderBy of ORDERS) {
          for (const direction of DIRECTIONS) {
            const expected = expectedOf(standings, orderBy, direction, scope);
            const list = {
              ...(await holdersAsOf(context, token, asOf, { orderBy, ...scope })),
              sizes: SIZES,
            };
            const order = { metric: orderBy, direction };
            const read = async (request: { after?: HolderKey; before?: HolderKey; last?: true }) =>
              readListAsOf(books.pool, list, order, {
                ...{ limit: LIMIT, isBackward: request.last === true },
                ...{ after: request.after ?? null, before: request.before ?? null },
              });
            const message = JSON.stringify([token.symbol, asOf.block, order, scope], texts);
            for (let first = 0; first <= expected.length; first += LIMIT) {
              const after = expected[first - 1];
              const page = await read(after === undefined ? {} : { after });
              expect([message, page.rows]).toEqual([message, expected.slice(first, first + LIMIT)]);
              expect(page.hasNextPage).toBe(first + LIMIT < expected.length);
              compared += page.rows.length;
            }
            const before = expected.at(-2);
            const last = await read({ last: true, ...(before === undefined ? {} : { before }) });
            const end = expected.length - (before === undefined ? 0 : 2);
            expect([message, last.rows]).toEqual([
              message,
              expected.slice(Math.max(0, end - LIMIT), end),
            ]);
            // The whole way of the API, with its caches.
            const args = { orderBy, direction, ...scope, first: LIMIT };
            const answer = await holderList(context, token, asOf, args);
            expect([message, answer.nodes.map(({ address }) => address)]).toEqual([
              message,
              expected.slice(0, LIMIT).map(({ account }) => account),
            ]);
            if (orderBy === 'balance' && direction === 'DESC') {
              expect([message, await answer.totalCount()]).toEqual([message, expected.length]);
              expect([message, await countHoldersAsOf(books.pool, list)]).toEqual([
                message,
                expected.length,
              ]);
            }
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(500);
  },
);

const texts = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
