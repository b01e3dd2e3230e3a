import type { AsOf } from '../../store/read/chains/asOf.js';
import { unlessStale } from '../../store/read/holders/holderCache.js';
import { countAccountsAsOf } from '../../store/read/holders/holderCount.js';
import { readHolderCounts } from '../../store/read/holders/holderCounts.js';
import { countHoldersAsOf, readListAsOf } from '../../store/read/holders/holderListAsOf.js';
import { readHolderPage } from '../../store/read/holders/holderPage.js';
import { readHolderPageAsOf } from '../../store/read/holders/holderPageAsOf.js';
import type {
  CachedMetric,
  HolderKey,
  ListedHolder,
  OrderedPart,
} from '../../store/read/holders/holderRows.js';
import { countHolders } from '../../store/read/holders/holderScope.js';
import type { Page, PageRequest } from '../../store/read/query/keysetPage.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { ApiContext } from '../request/context.js';
import { type Connection, connection } from './engine/connection.js';
import { holderCursor } from './engine/cursor.js';
import { pageRequest } from './engine/pagination.js';
import { assertBounded } from './engine/whereBounds.js';
import { asksForClaimable, cacheConditions, isWhole } from './holderConditions.js';
import type { HolderListArgs, HolderPositionNode } from './holders.js';
import { holdersAsOf } from './holdersAsOf.js';

/**
 * A page of a token's holders as of a moment. The newest state comes from its cache, and earlier balances from theirs,
 * by index. Everything else is found in PostgreSQL, in the order of an index where one has it.
 *
 * @throws ImoError `QUERY_TOO_LARGE`, `TOO_MANY_HOLDERS`; GraphQLError `BAD_PAGE` or `BAD_CURSOR`
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
    (await balancePage(context, token, asOf, args, request)) ??
    (await leadersPage(context, token, asOf, args, request)) ??
    (await readListAsOf(
      context.db,
      await holdersAsOf(context, token, asOf, args),
      { metric: orderBy, direction: args.direction },
      request,
    ));
  return connection({
    page,
    codec,
    asOf: [asOf],
    keyOf: ({ value, account }) => ({ value, account }),
    toNode: ({ account, balance }) => ({ address: account, balance, asOf, tokenRecord: token }),
    count: () => count(context, token, asOf, args),
  });
}

/** `null` if the cache does not support the query, or is newer than the moment. */
async function newestPage(
  context: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  args: HolderListArgs,
  request: PageRequest<HolderKey>,
): Promise<Page<ListedHolder> | null> {
  const { orderBy, direction, filter, where } = args;
  if (!asOf.isNewest || orderBy === 'claimableWei' || asksForClaimable(args)) return null;
  const { joined, proof, instant } = context;
  const conditions = await cacheConditions(context, token, asOf, where);
  const scope = { tokenNumber: token.number, asOf, filter: filter ?? {}, where: conditions };
  const read = async (part: OrderedPart<CachedMetric>) => {
    const seen = instant.watch();
    const rows = await joined.holders({ ...scope, ...part });
    seen(rows.revision);
    return rows.rowsAt(asOf);
  };
  const page = await unlessStale(readHolderPage(read, { metric: orderBy, direction }, request));
  if (page !== null) proof.prove();
  return page;
}

/** A page by balance as of any block; `null` if the query is another one, or no index settles it. */
async function balancePage(
  { joined, instant, proof }: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  { orderBy, direction, filter, where }: HolderListArgs,
  request: PageRequest<HolderKey>,
): Promise<Page<ListedHolder> | null> {
  const { minBalance, maxBalance, ...others } = filter ?? {};
  if (orderBy !== 'balance' || !isWhole({ filter: others, where }) || request.limit === 0) {
    return null;
  }
  const watch = () => {
    const seen = instant.watch();
    return (revision: string | null) => {
      if (seen(revision)) proof.prove();
    };
  };
  const query = { tokenNumber: token.number, asOf, minBalance, maxBalance, direction, watch };
  return readHolderPageAsOf(joined.holdersAsOf, query, request);
}

/** The top of the list by claimable revenue; `null` if the query is another one. */
async function leadersPage(
  { joined, claimableLeaders }: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  args: HolderListArgs,
  { limit, isBackward, after, before }: PageRequest<HolderKey>,
): Promise<Page<ListedHolder> | null> {
  const isTop = args.orderBy === 'claimableWei' && args.direction === 'DESC' && !isBackward;
  if (!isTop || !isWhole(args) || before !== null || limit === 0) return null;
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

async function count(
  context: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  args: HolderListArgs,
): Promise<number> {
  const { db } = context;
  const { filter, where } = args;
  if (asOf.isNewest && !asksForClaimable(args)) {
    const conditions = await cacheConditions(context, token, asOf, where);
    const query = { tokenNumber: token.number, asOf, filter: filter ?? {}, where: conditions };
    const newest = await unlessStale(countHolders(db, query));
    if (newest !== null) return newest;
  }
  const moment = { tokenNumber: token.number, block: asOf.block };
  if (isWhole(args)) return countAccountsAsOf(db, moment);
  const { minBalance, ...others } = filter ?? {};
  if (minBalance === 1n && isWhole({ filter: others, where })) {
    return (await readHolderCounts(db, [token.number], asOf.block)).get(token.number) ?? 0;
  }
  return countHoldersAsOf(
    db,
    await holdersAsOf(context, token, asOf, { ...args, orderBy: 'balance' }),
  );
}
