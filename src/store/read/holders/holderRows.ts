import { type Address, addressAt, addressBytes } from '../../../address.js';
import type { AsOf } from '../chains/asOf.js';
import type { Queryable } from '../query/queryable.js';
import { REVISION } from '../query/revision.js';
import { Parameters, readComposedRows } from '../query/statement.js';
import { assertStillNewest, type CursorColumns, cachedCursor } from './holderCache.js';
import { type HolderScope, isWholeList, scopeCondition } from './holderScope.js';

/** A row of a list of holders: only the columns of the index of its order. */
export interface ListedHolder {
  readonly account: Address;
  /** Token units. */
  readonly balance: bigint;
  /** The value that orders the list. */
  readonly value: bigint;
}

/** What lists of holders are ordered by. */
export type HolderFigure = 'balance' | 'claimableWei' | 'claimedWei' | 'redeemedWei';

/** The orders that the cache of newest states supports. */
export type CachedMetric = Exclude<HolderFigure, 'claimableWei'>;

/** The position of a holder in a list. Equal values are ordered by account, always the same way. */
export interface HolderKey {
  readonly value: bigint;
  readonly account: Address;
}

/** The order of a list. */
export interface HolderOrder<Metric extends HolderFigure> {
  readonly metric: Metric;
  /** Largest first, and the lowest account first among equal ones; or exactly the reverse. */
  readonly isDescending: boolean;
}

/** An index covers the holders with a payment above 0; the many others use the primary key. */
export type HolderGroup = 'all' | 'paid' | 'unpaid';

/** A part of an ordered list. */
export interface OrderedPart<Metric extends HolderFigure> extends HolderOrder<Metric> {
  readonly group: HolderGroup;
  /** Only rows after it; `null`: from the start. */
  readonly start: HolderKey | null;
  /** Maximum number of rows. */
  readonly limit: number;
}

/** A part of a list of some holders in the cache of newest states. */
export interface HolderPart extends HolderScope, OrderedPart<CachedMetric> {}

/** The rows of a part, and the chain's head, at one instant. */
export interface HolderRows {
  /** The state of the database that they are of; `null`: it does not tell. */
  readonly revision: string | null;
  /** @throws StaleMomentError if the rows are those of another moment */
  rowsAt(asOf: AsOf): ListedHolder[];
}

const COLUMNS = { balance: 'balance', claimedWei: 'claimed_wei', redeemedWei: 'redeemed_wei' };

/** Parts of whole lists that have the same name have the same rows. */
export function partName(part: HolderPart): string {
  const { start } = part;
  return `${shapeName(part)} ${start === null ? '' : `${start.value} ${start.account}`}`;
}

/**
 * Reads parts of lists from the cache of newest states, in the given order. Parts that differ only
 * in where they start share one statement: to plan, send and receive one costs as much as the rows
 * of a page.
 */
export async function readHolderParts(
  db: Queryable,
  parts: readonly HolderPart[],
): Promise<HolderRows[]> {
  const shapes = new Map<string, { readonly shape: HolderPart; readonly places: number[] }>();
  parts.forEach((part, place) => {
    const name = isWholeList(part) ? shapeName(part) : `only ${place}`;
    const known = shapes.get(name);
    if (known === undefined) shapes.set(name, { shape: part, places: [place] });
    else known.places.push(place);
  });
  const answers: HolderRows[] = [];
  await Promise.all(
    [...shapes.values()].map(async ({ shape, places }) => {
      const starts = places.map((place) => parts[place]?.start ?? null);
      const found = await readShape(db, shape, starts);
      places.forEach((place, index) => {
        answers[place] = new DecodedLater(found[index]);
      });
    }),
  );
  return answers;
}

/** The groups of the list beyond `start`, in its order. */
export function groupsBeyond(
  { metric, isDescending }: HolderOrder<HolderFigure>,
  start: HolderKey | null,
): readonly HolderGroup[] {
  if (metric === 'balance') return ['all'];
  const groups: readonly HolderGroup[] = isDescending ? ['paid', 'unpaid'] : ['unpaid', 'paid'];
  return start === null ? groups : groups.slice(groups.indexOf(groupOf(start)));
}

function groupOf({ value }: HolderKey): HolderGroup {
  return value === 0n ? 'unpaid' : 'paid';
}

function shapeName(part: HolderPart): string {
  const { tokenNumber, asOf, metric, isDescending, group, limit } = part;
  const order = `${metric} ${isDescending} ${group} ${beginsInside(part)}`;
  return `${tokenNumber} ${asOf.chainId} ${order} ${limit}`;
}

/** Whether the part starts inside its group, not at the first row of the group. */
export function beginsInside({
  group,
  start,
}: Pick<OrderedPart<HolderFigure>, 'group' | 'start'>): boolean {
  return start !== null && (group === 'all' || group === groupOf(start));
}

/** All rows of a part in one row of arrays; `null` if the part is empty. */
interface PartColumns extends CursorColumns {
  readonly revision: string | null;
  /** 20 bytes each. */
  readonly accounts: Buffer | null;
  readonly balances: string | null;
  /** Also `null` if the list is ordered by balance. */
  readonly figures: string | null;
}

/** @param starts of parts that are otherwise equal */
async function readShape(
  db: Queryable,
  shape: HolderPart,
  starts: readonly (HolderKey | null)[],
): Promise<PartColumns[]> {
  const { asOf, metric, isDescending, limit } = shape;
  const parameters = new Parameters();
  const chain = parameters.add(asOf.chainId);
  const values = parameters.add(starts.map((start) => start?.value ?? null));
  const accounts = parameters.add(starts.map((start) => start && addressBytes(start.account)));
  const token = `${parameters.add(shape.tokenNumber)}::integer`;
  const condition = scopeCondition(shape, parameters);
  const column = COLUMNS[metric];
  const order = (figure: string) =>
    isDescending ? `${figure} DESC, account` : `${figure}, account DESC`;
  const most = parameters.add(limit);
  const ranges = rangesOf(column, shape).map(
    (range) => `(SELECT account, balance, ${column} AS figure FROM holder
      WHERE token_number = ${token} AND ${[condition, ...range].join(' AND ')} ORDER BY ${order(column)} LIMIT ${most})`,
  );
  const figures = metric === 'balance' ? 'NULL' : `string_agg(figure::text, ',')`;
  // One row in place of a hundred: reading rows is most of what a page costs this process.
  return readComposedRows<PartColumns>(
    db,
    'holders',
    `SELECT c.height, c.hash, ${REVISION} AS revision, h.* FROM ${await cachedCursor(db)} c
     CROSS JOIN unnest(${values}::numeric[], ${accounts}::bytea[])
       WITH ORDINALITY AS start_of(start_value, start_account, place)
     CROSS JOIN LATERAL (
       SELECT string_agg(account, '') AS accounts,
         string_agg(balance::text, ',') AS balances,
         ${figures} AS figures
       FROM (
         SELECT * FROM (${ranges.join(' UNION ALL ')}) part
         ORDER BY ${order('figure')} LIMIT ${most}
       ) ordered
     ) h
     WHERE c.chain_id = ${chain} ORDER BY start_of.place`,
    parameters,
  );
}

/**
 * Splits a part into ranges that each have an index in their own order. With one OR over them,
 * every page would read all holders of the same value again.
 */
function rangesOf(column: string, part: HolderPart): string[][] {
  const { group, isDescending } = part;
  const within = { all: [], paid: [`${column} > 0`], unpaid: [`${column} = 0`] }[group];
  if (!beginsInside(part)) return [within];
  const sameValue = `account ${isDescending ? '>' : '<'} start_account`;
  if (group === 'unpaid') return [[...within, sameValue]];
  return [
    [...within, `${column} = start_value`, sameValue],
    [...within, `${column} ${isDescending ? '<' : '>'} start_value`],
  ];
}

/** The shared result, which each caller decodes for itself if it is of its moment. */
class DecodedLater implements HolderRows {
  /** @param columns `undefined`: the chain has no head. */
  constructor(private readonly columns: PartColumns | undefined) {}

  get revision(): string | null {
    return this.columns?.revision ?? null;
  }

  rowsAt(asOf: AsOf): ListedHolder[] {
    assertStillNewest(this.columns, asOf);
    const { accounts, balances, figures } = this.columns ?? NOTHING;
    if (accounts === null || balances === null) return [];
    const figureOf = figures?.split(',') ?? null;
    return balances.split(',').map((text, index) => {
      const balance = BigInt(text);
      return {
        account: addressAt(accounts, index),
        balance,
        value: figureOf === null ? balance : BigInt(figureOf[index] ?? ''),
      };
    });
  }
}

const NOTHING = { accounts: null, balances: null, figures: null };
