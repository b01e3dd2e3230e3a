import type { AsOf } from '../../store/read/chains/asOf.js';
import { unlessStale } from '../../store/read/holders/holderCache.js';
import { compareHolders, readHolderPage } from '../../store/read/holders/holderPage.js';
import { type HolderKey, type ListedHolder } from '../../store/read/holders/holderRows.js';
import { countHolders, type HolderValues } from '../../store/read/holders/holderScope.js';
import type { HolderStandingAsOf } from '../../store/read/holders/holderStandings.js';
import {
  type Page,
  type PageRequest,
  readKeysetPage,
  sortedList,
} from '../../store/read/query/keysetPage.js';
import type { Where } from '../../store/read/query/where.js';
import { type WhereGetters, wherePasses } from '../../store/read/query/wherePasses.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { HolderPositionNode } from '../objects/holders/holder.js';
import type { ApiContext } from '../request/context.js';
import type { HolderOrderBy } from '../values/orderEnums.js';
import { type Connection, connection } from './engine/connection.js';
import { holderCursor } from './engine/cursor.js';
import { mentions } from './engine/memoryList.js';
import { pageRequest } from './engine/pagination.js';
import { assertBounded } from './engine/whereBounds.js';
import type { HolderFilterInput } from './inputs/filters.js';
import type { HolderListArgs } from './inputs/listArgs.js';

/**
 * A page of a token's holders as of a moment. The newest state comes from its cache, by index. An
 * earlier state, and everything about claimable revenue, is computed for all holders.
 *
 * @throws ImoError `QUERY_TOO_LARGE`; GraphQLError `BAD_PAGE` or `BAD_CURSOR`
 */
export async function holderList(
  context: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  args: HolderListArgs,
): Promise<Connection<HolderPositionNode>> {
  const { orderBy } = args;
  assertBounded(args.where);
  const codec = holderCursor(token.number, orderBy);
  const request = pageRequest(args, codec);
  context.budget.spendPage();
  const page =
    (await newestPage(context, token, asOf, args, request)) ??
    (await leadersPage(context, token, asOf, args, request)) ??
    (await pageAsOf(context, token, asOf, args, request));
  return connection({
    page,
    codec,
    asOf: [asOf],
    keyOf: (row) => ({ value: figureOf(row, orderBy), account: row.account }),
    toNode: ({ account, balance }) => ({ address: account, balance, asOf, tokenRecord: token }),
    count: () => count(context, token, asOf, args),
  });
}

type Row = ListedHolder | HolderStandingAsOf;

function figureOf(row: Row, orderBy: HolderOrderBy): bigint {
  return 'value' in row ? row.value : row[orderBy];
}

/** `null` if the cache does not support the query, or is newer than the moment. */
async function newestPage(
  { joined, proof }: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  args: HolderListArgs,
  request: PageRequest<HolderKey>,
): Promise<Page<Row> | null> {
  const { orderBy, direction, filter, where } = args;
  if (!asOf.isNewest || orderBy === 'claimableWei' || asksForClaimable(args)) return null;
  const query = { tokenNumber: token.number, asOf, filter: filter ?? {}, where };
  const page = await unlessStale(
    readHolderPage(joined.holders, { ...query, metric: orderBy, direction }, request),
  );
  if (page !== null) proof.prove();
  return page;
}

/** The top of the list by claimable revenue; `null` if the query is another one. */
async function leadersPage(
  { joined, claimableLeaders }: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  { orderBy, direction, filter, where }: HolderListArgs,
  { limit, isBackward, after, before }: PageRequest<HolderKey>,
): Promise<Page<Row> | null> {
  const isTop = orderBy === 'claimableWei' && direction === 'DESC' && !isBackward;
  if (!isTop || !asOf.isNewest || filter != null || where != null || before !== null || limit === 0)
    return null;
  const found = await claimableLeaders.after(token, asOf, after, limit + 1);
  if (found === null) return null;
  const keys = found.map(({ account }) => ({
    account,
    tokenNumber: token.number,
    block: asOf.block,
  }));
  const balances = await joined.balances(keys);
  const rows = found.map((holder, index) => ({ ...holder, balance: balances[index] ?? 0n }));
  return {
    rows: rows.slice(0, limit),
    hasNextPage: rows.length > limit,
    hasPreviousPage: after !== null,
  };
}

async function pageAsOf(
  { standings, run }: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  { orderBy, direction, filter, where }: HolderListArgs,
  request: PageRequest<HolderKey>,
): Promise<Page<Row>> {
  const largestFirst = await standings.read(token, asOf, orderBy, run.signal);
  const passing = largestFirst.filter((holder) => passes(holder, filter, where));
  const isDescending = direction === 'DESC';
  return readKeysetPage(
    sortedList(
      isDescending ? passing : passing.toReversed(),
      (row) => ({ value: row[orderBy], account: row.account }),
      (left: HolderKey, right: HolderKey) => (isDescending ? 1 : -1) * compareHolders(left, right),
    ),
    request,
  );
}

async function count(
  { db, standings, run }: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  args: HolderListArgs,
): Promise<number> {
  const { filter, where } = args;
  if (asOf.isNewest && !asksForClaimable(args)) {
    const query = { tokenNumber: token.number, asOf, filter: filter ?? {}, where };
    const newest = await unlessStale(countHolders(db, query));
    if (newest !== null) return newest;
  }
  const holders = await standings.read(token, asOf, 'balance', run.signal);
  return holders.filter((holder) => passes(holder, filter, where)).length;
}

const CLAIMABLE = new Set(['claimableWei']);

function asksForClaimable({ filter, where }: HolderListArgs): boolean {
  return filter?.minClaimableWei != null || mentions(where, CLAIMABLE);
}

const GETTERS: WhereGetters<HolderStandingAsOf, HolderValues> = {
  address: ({ account }) => account,
  balance: ({ balance }) => balance,
  claimableWei: ({ claimableWei }) => claimableWei,
  claimedWei: ({ claimedWei }) => claimedWei,
  redeemedWei: ({ redeemedWei }) => redeemedWei,
};

function passes(
  holder: HolderStandingAsOf,
  filter: HolderFilterInput | null | undefined,
  where: Where<HolderValues> | null | undefined,
): boolean {
  if (!wherePasses(holder, where, GETTERS)) return false;
  if (filter == null) return true;
  const { minBalance, maxBalance, minClaimableWei, minClaimedWei, minRedeemedWei } = filter;
  return (
    holder.balance >= (minBalance ?? 0n) &&
    holder.balance <= (maxBalance ?? holder.balance) &&
    holder.claimableWei >= (minClaimableWei ?? 0n) &&
    holder.claimedWei >= (minClaimedWei ?? 0n) &&
    holder.redeemedWei >= (minRedeemedWei ?? 0n)
  );
}
