import type { Address } from '../../address.js';
import type { HolderRecord } from '../../ledger/entitlement.js';
import { holderIsContract, holderKindColumns } from '../../store/read/accounts/accountKinds.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { unlessStale } from '../../store/read/holders/holderCache.js';
import { readHolderCounts } from '../../store/read/holders/holderCounts.js';
import { compareHolders, readHolderPage } from '../../store/read/holders/holderPage.js';
import { readHolderPageAsOf } from '../../store/read/holders/holderPageAsOf.js';
import {
  countAccountsAsOf,
  countHoldersAsOf,
  readHolderPartAsOf,
} from '../../store/read/holders/holderPartAsOf.js';
import type { HolderKey, HolderPart, ListedHolder } from '../../store/read/holders/holderRows.js';
import { countHolders, type HolderFilter } from '../../store/read/holders/holderScope.js';
import type { HolderStandingAsOf } from '../../store/read/holders/holderStandings.js';
import {
  type Page,
  type PageRequest,
  readKeysetPage,
  sortedList,
} from '../../store/read/query/keysetPage.js';
import { whereConditions } from '../../store/read/query/where.js';
import { type WhereGetters, wherePasses } from '../../store/read/query/wherePasses.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { AsOfType } from '../objects/chains/asOf.js';
import type { ApiContext } from '../request/context.js';
import { OrderDirection } from '../values/enums.js';
import { type Connection, connection } from './engine/connection.js';
import { holderCursor } from './engine/cursor.js';
import {
  type Conditions,
  defineStoredList,
  type StoredListArgs,
} from './engine/defineStoredList.js';
import { field, only, optional, shown, type ValuesOf } from './engine/field.js';
import { ACCOUNT_KIND, ADDRESS, AMOUNT, TEXT, YES_NO } from './engine/fieldKinds.js';
import { mentions } from './engine/memoryList.js';
import { pageRequest } from './engine/pagination.js';
import { assertBounded } from './engine/whereBounds.js';
import {
  asksForKinds,
  type HolderKinds,
  holderKinds,
  isRead,
  wantsContracts,
} from './holderKinds.js';
import {
  asksForNames,
  holderHasName,
  holderNameColumn,
  holderNames,
  wantsName,
} from './holderNames.js';

export const IS_CONTRACT_TEXT =
  'Whether the account is a contract. Null: its code has not been read yet. An account that lends itself code (EIP-7702) is none.';
export const LABEL_TEXT =
  'Name that the config gives the account: its label, or that of the contract.';
export const KIND_TEXT = 'What the account is. Null: its code has not been read yet.';

const FIELDS = {
  address: field(ADDRESS, 'The holder.', ADDRESS.column('account')),
  balance: field(AMOUNT, 'Balance in token units; 0 if nothing is left.', AMOUNT.column('balance')),
  claimableWei: field(
    AMOUNT,
    'Claimable of all open snapshots, in units of the asset (wei for ETH); computed for all holders.',
    // The cache has no such column: a list that asks for it is computed.
    AMOUNT.column('claimable_wei'),
  ),
  claimedWei: field(
    AMOUNT,
    'Claimed so far, in units of the asset (wei for ETH).',
    AMOUNT.column('claimed_wei'),
  ),
  redeemedWei: field(
    AMOUNT,
    'Paid for burned tokens so far, in units of the asset (wei for ETH).',
    AMOUNT.column('redeemed_wei'),
  ),
  // Their columns depend on the chain: `conditionsOf`.
  isContract: optional(YES_NO, IS_CONTRACT_TEXT, '(NULL::boolean)'),
  kind: optional(ACCOUNT_KIND, KIND_TEXT, '(NULL::text)'),
  label: optional(TEXT, LABEL_TEXT, '(NULL::text)'),
};

type Values = ValuesOf<typeof FIELDS>;

const gettersOf = (
  kinds: HolderKinds,
  names: ReadonlyMap<Address, string>,
): WhereGetters<HolderStandingAsOf, Values> => ({
  address: ({ account }) => account,
  balance: ({ balance }) => balance,
  claimableWei: ({ claimableWei }) => claimableWei,
  claimedWei: ({ claimedWei }) => claimedWei,
  redeemedWei: ({ redeemedWei }) => redeemedWei,
  isContract: ({ account }) => kinds.isContract(account),
  kind: ({ account }) => kinds.of(account),
  label: ({ account }) => names.get(account) ?? null,
});

/** The holders of a token. */
export const HOLDER_LIST = defineStoredList({
  name: 'Holder',
  rows: 'holders',
  type: {
    name: 'HolderPosition',
    text: 'A holder of one token.',
    shows: {
      address: FIELDS.address,
      balance: FIELDS.balance,
      asOf: shown(AsOfType, 'The block that all figures hold for.'),
    },
  },
  fields: FIELDS,
  orders: {
    BALANCE: { text: 'Token units held.', by: 'balance', value: 'balance' },
    CLAIMABLE: {
      text: 'Wei that can be claimed now, of all open snapshots together. Beyond the top of the list it is computed for all holders.',
      by: 'claimableWei',
      value: 'claimableWei',
    },
    CLAIMED: { text: 'Wei claimed so far.', by: 'claimedWei', value: 'claimedWei' },
    REDEEMED: {
      text: 'Wei paid for burned tokens so far.',
      by: 'redeemedWei',
      value: 'redeemedWei',
    },
  },
  ordersText: 'What a list of holders is ordered by. Holders of equal value go by address.',
  filter: {
    minBalance: only(
      AMOUNT,
      'Balance not less than this, token units; "1" leaves out former holders.',
    ),
    maxBalance: only(AMOUNT, 'Balance not more than this, token units.'),
    minClaimableWei: only(
      AMOUNT,
      'Claimable in all open snapshots together not less than this, in units of the asset (wei for ETH).',
    ),
    minClaimedWei: only(
      AMOUNT,
      'Claimed so far not less than this, in units of the asset (wei for ETH).',
    ),
    minRedeemedWei: only(
      AMOUNT,
      'Paid for burned tokens so far not less than this, in units of the asset (wei for ETH).',
    ),
  },
  args: ['orderBy', 'direction', 'filter', 'where'],
  ends: { first: OrderDirection.DESC, text: 'Largest (DESC) or smallest (ASC) first.' },
});

/** What holders are ordered by. */
type Figure = Exclude<keyof Values, 'address' | 'isContract' | 'kind' | 'label'>;

export interface HolderListArgs extends StoredListArgs<Figure> {
  readonly filter?: (HolderFilter & { readonly minClaimableWei?: bigint | null }) | null;
}

/** A position at a moment. */
export interface HolderPositionNode {
  readonly address: Address;
  readonly balance: bigint;
  readonly asOf: AsOf;
  readonly tokenRecord: TokenRecord;
  /** What its entitlement in ETH is computed from, where it was read with the position. */
  readonly record?: HolderRecord | null;
}

/**
 * A page of a token's holders as of a moment. The newest state comes from its cache, and earlier balances from theirs,
 * by index. Everything else as of an earlier state is found in PostgreSQL. Beyond the top of it, a list by claimable
 * revenue is computed for all holders.
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
    (await pageInDatabase(context, token, asOf, args, request)) ??
    (await computedPage(context, token, asOf, args, request));
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

function figureOf(row: Row, orderBy: Figure): bigint {
  return 'value' in row ? row.value : row[orderBy];
}

/** `null` if the cache does not support the query, or is newer than the moment. */
async function newestPage(
  context: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  args: HolderListArgs,
  request: PageRequest<HolderKey>,
): Promise<Page<Row> | null> {
  const { orderBy, direction, filter, where } = args;
  if (!asOf.isNewest || orderBy === 'claimableWei' || asksForClaimable(args)) return null;
  const { joined, proof, instant } = context;
  const conditions = await conditionsOf(context, token, asOf, where);
  const query = { tokenNumber: token.number, asOf, filter: filter ?? {}, where: conditions };
  const read = async (part: HolderPart) => {
    const seen = instant.watch();
    const rows = await joined.holders(part);
    seen(rows.revision);
    return rows;
  };
  const page = await unlessStale(
    readHolderPage(read, { ...query, metric: orderBy, direction }, request),
  );
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
): Promise<Page<Row> | null> {
  const { minBalance, maxBalance, ...others } = filter ?? {};
  const isOther = where != null || Object.values(others).some((bound) => bound != null);
  if (orderBy !== 'balance' || isOther || request.limit === 0) return null;
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
  { orderBy, direction, filter, where }: HolderListArgs,
  { limit, isBackward, after, before }: PageRequest<HolderKey>,
): Promise<Page<Row> | null> {
  const isTop = orderBy === 'claimableWei' && direction === 'DESC' && !isBackward;
  if (!isTop || filter != null || where != null || before !== null || limit === 0) return null;
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

/** Reads what conditions in memory are about, and the database does not join. */
async function readGetters(
  context: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  where: HolderListArgs['where'],
): Promise<WhereGetters<HolderStandingAsOf, Values>> {
  const [kinds, names] = await Promise.all([
    holderKinds(context, token, asOf, where),
    holderNames(context, asOf.chainId, where),
  ]);
  return gettersOf(kinds, names);
}

/** The conditions on the cache; kinds and labels of an account are those of its chain. */
async function conditionsOf(
  context: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  where: HolderListArgs['where'],
): Promise<Conditions | undefined> {
  const { chainId } = asOf;
  const [ofKinds, ofNames] = [asksForKinds(where), asksForNames(where)];
  if (where == null || !(ofKinds || ofNames)) return HOLDER_LIST.conditions(where);
  const columns = {
    ...HOLDER_LIST.columns,
    ...(ofKinds ? holderKindColumns(chainId, await isRead(context, token, asOf)) : {}),
    ...(ofNames ? { label: holderNameColumn(chainId) } : {}),
  };
  const first = [
    ...(wantsContracts(where) ? [holderIsContract(chainId)] : []),
    ...(wantsName(where) ? [holderHasName(chainId)] : []),
  ];
  return (parameters) => [...first, ...whereConditions(where, columns, parameters)];
}

/**
 * A page as of any block that PostgreSQL filters, sorts and cuts; `null` if the query is about claimable revenue.
 *
 * @throws ImoError `TOO_MANY_HOLDERS` if it would go over all holders
 */
async function pageInDatabase(
  context: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  args: HolderListArgs,
  request: PageRequest<HolderKey>,
): Promise<Page<Row> | null> {
  const { db, standings } = context;
  const { orderBy, direction, filter, where } = args;
  if (orderBy === 'claimableWei' || asksForClaimable(args)) return null;
  const isByPayment = orderBy !== 'balance' && isWhole(args);
  if (!isByPayment) await standings.assertComputable(db, token);
  const conditions = await conditionsOf(context, token, asOf, where);
  const query = { tokenNumber: token.number, asOf, filter: filter ?? {}, where: conditions };
  const read = (part: HolderPart) => readHolderPartAsOf(db, part);
  return readHolderPage(read, { ...query, metric: orderBy, direction }, request);
}

/** Whether the list has all holders. */
function isWhole({ filter, where }: Pick<HolderListArgs, 'filter' | 'where'>): boolean {
  return where == null && Object.values(filter ?? {}).every((bound) => bound == null);
}

async function computedPage(
  context: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  { orderBy, direction, filter, where }: HolderListArgs,
  request: PageRequest<HolderKey>,
): Promise<Page<Row>> {
  const { standings, run } = context;
  const largestFirst = await standings.read(token, asOf, orderBy, run.signal);
  const getters = await readGetters(context, token, asOf, where);
  const passing = largestFirst.filter((holder) => passes(holder, filter, where, getters));
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
  context: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  args: HolderListArgs,
): Promise<number> {
  const { db, standings, run } = context;
  const { filter, where } = args;
  if (asOf.isNewest && !asksForClaimable(args)) {
    const conditions = await conditionsOf(context, token, asOf, where);
    const query = { tokenNumber: token.number, asOf, filter: filter ?? {}, where: conditions };
    const newest = await unlessStale(countHolders(db, query));
    if (newest !== null) return newest;
  }
  if (!asksForClaimable(args)) return countInDatabase(context, token, asOf, args);
  const holders = await standings.read(token, asOf, 'balance', run.signal);
  const getters = await readGetters(context, token, asOf, where);
  return holders.filter((holder) => passes(holder, filter, where, getters)).length;
}

/** @throws ImoError `TOO_MANY_HOLDERS` if it has to look at the balance or the payments of all holders */
async function countInDatabase(
  context: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  { filter, where }: HolderListArgs,
): Promise<number> {
  const { db, standings } = context;
  if (isWhole({ filter, where })) return countAccountsAsOf(db, token.number, asOf.block);
  const { minBalance, ...others } = filter ?? {};
  if (minBalance === 1n && isWhole({ filter: others, where })) {
    return (await readHolderCounts(db, [token.number], asOf.block)).get(token.number) ?? 0;
  }
  await standings.assertComputable(db, token);
  const conditions = await conditionsOf(context, token, asOf, where);
  const scope = { tokenNumber: token.number, asOf, filter: filter ?? {}, where: conditions };
  return countHoldersAsOf(db, scope);
}

const CLAIMABLE = new Set(['claimableWei']);

function asksForClaimable({ filter, where }: HolderListArgs): boolean {
  return filter?.minClaimableWei != null || mentions(where, CLAIMABLE);
}

function passes(
  holder: HolderStandingAsOf,
  filter: HolderListArgs['filter'],
  where: HolderListArgs['where'],
  getters: WhereGetters<HolderStandingAsOf, Values>,
): boolean {
  if (!wherePasses<HolderStandingAsOf, Values>(holder, where, getters)) return false;
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
