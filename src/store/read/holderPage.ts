import { type Address, addressBytes, addressFromBytes } from '../../address.js';
import type { AsOf } from './asOf.js';
import { assertStillNewest, type CursorColumns } from './holderCache.js';
import { compareValues, type Page, type PageRequest, readKeysetPage } from './keysetPage.js';
import type { Direction } from './operation.js';
import type { Queryable } from './queryable.js';
import { Parameters, readComposedRows } from './statement.js';
import {
  addressColumn,
  amountColumn,
  type Where,
  type WhereColumns,
  whereConditions,
} from './where.js';

/** What a holder of one token has and was paid. */
export interface HolderStanding {
  readonly account: Address;
  /** Token units. */
  readonly balance: bigint;
  readonly claimedWei: bigint;
  readonly redeemedWei: bigint;
}

/** A row of a list of holders: no more than the index of its order holds. */
export interface ListedHolder {
  readonly account: Address;
  /** Token units. */
  readonly balance: bigint;
  /** What the list is ordered by. */
  readonly value: bigint;
}

/** What the cache of newest states can be ordered by. */
export type CachedMetric = 'balance' | 'claimedWei' | 'redeemedWei';

/** Only holders with at least (at most) so much. */
export interface HolderFilter {
  readonly minBalance?: bigint | null;
  readonly maxBalance?: bigint | null;
  readonly minClaimedWei?: bigint | null;
  readonly minRedeemedWei?: bigint | null;
}

/** What holders can be narrowed by. */
export interface HolderValues {
  readonly address: Address;
  readonly balance: bigint;
  /** Not in the cache: conditions on it are for lists that are computed. */
  readonly claimableWei: bigint;
  readonly claimedWei: bigint;
  readonly redeemedWei: bigint;
}

const HOLDER_COLUMNS: WhereColumns<Omit<HolderValues, 'claimableWei'>> = {
  address: addressColumn('account'),
  balance: amountColumn('balance'),
  claimedWei: amountColumn('claimed_wei'),
  redeemedWei: amountColumn('redeemed_wei'),
};

/** Where a holder stands in a list; equal values go by account, always in the same sense. */
export interface HolderKey {
  readonly value: bigint;
  readonly account: Address;
}

/** Some holders of one token, at the newest indexed block. */
export interface HolderScope {
  readonly tokenNumber: number;
  readonly asOf: AsOf;
  readonly filter: HolderFilter;
  readonly where?: Where<HolderValues> | null;
}

/** The list of them; `DESC`: largest first. */
export interface HolderQuery extends HolderScope {
  readonly metric: CachedMetric;
  readonly direction: Direction;
}

const ADDRESS_BYTES = 20;
const COLUMNS = { balance: 'balance', claimedWei: 'claimed_wei', redeemedWei: 'redeemed_wei' };

/** Descending by value; holders of the same value ascending by account. */
export function compareHolders(left: HolderKey, right: HolderKey): number {
  return compareValues(right.value, left.value) || compareValues(left.account, right.account);
}

/**
 * A page of a token's holders from the cache of newest states, so only as of the newest
 * indexed block. Whoever once had a balance is in the list. One statement, which also proves
 * that the cache still is that of `asOf`; by payments a second one, where the list goes over from
 * those who were paid something to those who were not.
 *
 * @throws StaleMomentError if a commit came in between.
 */
export function readHolderPage(
  db: Queryable,
  query: HolderQuery,
  request: PageRequest<HolderKey>,
): Promise<Page<ListedHolder>> {
  const isDescending = query.direction === 'DESC';
  return readKeysetPage(
    {
      keyOf: ({ value, account }) => ({ value, account }),
      compare: (left, right) => (isDescending ? 1 : -1) * compareHolders(left, right),
      async fetch(start: HolderKey | null, isBackward, limit) {
        const isDown = isDescending !== isBackward;
        const rows: ListedHolder[] = [];
        for (const part of partsBeyond(query.metric, isDown, start)) {
          if (rows.length >= limit && limit > 0) break;
          rows.push(...(await fetchHolders(db, query, part, isDown, start, limit - rows.length)));
        }
        return rows;
      },
    },
    request,
  );
}

/** All rows of a page in one: their values side by side, `null` if there are none. */
interface PageColumns extends CursorColumns {
  /** 20 bytes each. */
  readonly accounts: Buffer | null;
  readonly balances: string | null;
  readonly figures: string | null;
}

async function fetchHolders(
  db: Queryable,
  { tokenNumber, asOf, metric, filter, where }: HolderQuery,
  part: Part,
  isDescending: boolean,
  start: HolderKey | null,
  limit: number,
): Promise<ListedHolder[]> {
  const parameters = new Parameters();
  const chain = parameters.add(asOf.chainId);
  const column = COLUMNS[metric];
  const conditions = [
    `token_number = ${parameters.add(tokenNumber)}`,
    ...filterConditions(filter, parameters),
    ...whereConditions(where, HOLDER_COLUMNS, parameters),
  ];
  const order = isDescending ? `${column} DESC, account` : `${column}, account DESC`;
  const outerOrder = isDescending ? 'value DESC, account' : 'value, account DESC';
  const most = parameters.add(limit);
  const parts = rangesBeyond(column, part, isDescending, start, parameters).map(
    (range) => `(SELECT account, balance, ${column} AS value FROM holder
      WHERE ${[...conditions, ...range].join(' AND ')} ORDER BY ${order} LIMIT ${most})`,
  );
  // One row instead of a hundred: reading rows is most of what a page costs this process.
  const [page] = await readComposedRows<PageColumns>(
    db,
    'holders',
    `SELECT c.height, c.hash, h.* FROM chain_cursor c
     CROSS JOIN LATERAL (
       SELECT string_agg(account, '') AS accounts,
         string_agg(balance::text, ',') AS balances,
         string_agg(value::text, ',') AS figures
       FROM (
         SELECT * FROM (${parts.join(' UNION ALL ')}) part ORDER BY ${outerOrder} LIMIT ${most}
       ) ordered
     ) h
     WHERE c.chain_id = ${chain}`,
    parameters,
  );
  assertStillNewest(page, asOf);
  return page === undefined ? [] : decode(page);
}

/** Those who were paid something are indexed by it; the many others go by the primary key. */
type Part = 'all' | 'paid' | 'unpaid';

/** The parts of the list beyond `start`, in its order. */
function partsBeyond(
  metric: CachedMetric,
  isDescending: boolean,
  start: HolderKey | null,
): readonly Part[] {
  if (metric === 'balance') return ['all'];
  const parts: readonly Part[] = isDescending ? ['paid', 'unpaid'] : ['unpaid', 'paid'];
  if (start === null) return parts;
  return parts.slice(parts.indexOf(start.value === 0n ? 'unpaid' : 'paid'));
}

/**
 * A part of the list beyond `start`, cut into ranges that each have an index in their own order:
 * one OR over them would read all holders of the same value again for every page.
 */
function rangesBeyond(
  column: string,
  part: Part,
  isDescending: boolean,
  start: HolderKey | null,
  parameters: Parameters,
): string[][] {
  const isInside =
    start !== null && (part === 'all' || (part === 'unpaid') === (start.value === 0n));
  const within = { all: [], paid: [`${column} > 0`], unpaid: [`${column} = 0`] }[part];
  if (!isInside) return [within];
  const account = parameters.add(addressBytes(start.account));
  const sameValue = `account ${isDescending ? '>' : '<'} ${account}`;
  if (part === 'unpaid') return [[...within, sameValue]];
  const value = `${parameters.add(start.value)}::numeric`;
  return [
    [...within, `${column} = ${value}`, sameValue],
    [...within, `${column} ${isDescending ? '<' : '>'} ${value}`],
  ];
}

/**
 * How many holders of the token pass the filter, at the newest indexed block.
 *
 * @throws StaleMomentError if that is not `asOf` any more.
 */
export async function countHolders(
  db: Queryable,
  { tokenNumber, asOf, filter, where }: HolderScope,
): Promise<number> {
  const parameters = new Parameters();
  const chain = parameters.add(asOf.chainId);
  const conditions = [
    `token_number = ${parameters.add(tokenNumber)}`,
    ...filterConditions(filter, parameters),
    ...whereConditions(where, HOLDER_COLUMNS, parameters),
  ];
  const [row] = await readComposedRows<CursorColumns & { readonly count: string }>(
    db,
    'holder_count',
    `SELECT c.height, c.hash,
       (SELECT count(*) FROM holder WHERE ${conditions.join(' AND ')}) AS count
     FROM chain_cursor c WHERE c.chain_id = ${chain}`,
    parameters,
  );
  assertStillNewest(row, asOf);
  return Number(row?.count ?? 0);
}

function filterConditions(
  { minBalance, maxBalance, minClaimedWei, minRedeemedWei }: HolderFilter,
  parameters: Parameters,
): string[] {
  const conditions: string[] = [];
  if (minBalance != null) conditions.push(`balance >= ${parameters.add(minBalance)}::numeric`);
  if (maxBalance != null) conditions.push(`balance <= ${parameters.add(maxBalance)}::numeric`);
  if (minClaimedWei != null) {
    conditions.push(`claimed_wei >= ${parameters.add(minClaimedWei)}::numeric`);
  }
  if (minRedeemedWei != null) {
    conditions.push(`redeemed_wei >= ${parameters.add(minRedeemedWei)}::numeric`);
  }
  return conditions;
}

function decode({ accounts, balances, figures }: PageColumns): ListedHolder[] {
  if (accounts === null || balances === null || figures === null) return [];
  const ofFigure = figures.split(',');
  return balances.split(',').map((balance, index) => ({
    account: addressFromBytes(
      accounts.subarray(index * ADDRESS_BYTES, (index + 1) * ADDRESS_BYTES),
    ),
    balance: BigInt(balance),
    value: BigInt(ofFigure[index] ?? ''),
  }));
}
