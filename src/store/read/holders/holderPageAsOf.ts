import { addressAt, addressBytes } from '../../../address.js';
import type { AsOf } from '../chains/asOf.js';
import type { Direction } from '../operations/operation.js';
import { isAmountIndexed } from '../query/amountIndex.js';
import { readComposedBranches, type TokenRead, tokenBranches } from '../query/byToken.js';
import { type Page, type PageRequest, readKeysetPage } from '../query/keysetPage.js';
import type { Queryable } from '../query/queryable.js';
import { REVISION } from '../query/revision.js';
import { Parameters } from '../query/statement.js';
import { BY_BALANCE } from './balanceWalk.js';
import { compareHolders } from './holderPage.js';
import type { HolderKey, ListedHolder } from './holderRows.js';

/** The list by balance as of an earlier block. */
export interface HolderAsOfQuery {
  readonly tokenNumber: number;
  readonly asOf: AsOf;
  readonly minBalance?: bigint | null | undefined;
  readonly maxBalance?: bigint | null | undefined;
  /** `DESC`: largest first. */
  readonly direction: Direction;
  /** Called when a statement begins. @returns takes the revision of the database that it saw */
  readonly watch: () => (revision: string | null) => void;
}

/** Balances to read first for each row of the page: some of them did not hold at the block. */
const LOOKED_FOR_A_ROW = 1.5;
/** If they do not fill the page, so many times as many are read. */
const GROWTH = 10;
/**
 * A tenth of a second. Only accounts that moved tokens very often, with much, make it so many: then each of them is to be
 * looked up once, as `readListAsOf` does.
 */
const LOOKED_AT_MOST = 20_000;

/** Balances do not settle the page: the index is not there yet, or too few of its balances held at the block. */
class NotByIndexError extends Error {
  override readonly name = 'NotByIndexError';
}

/**
 * Reads a page of a token's holders by balance as of any block from an index of all balances that anybody ever had:
 * it walks along them in the order of the list and keeps those that held at the block.
 *
 * @param read runs a statement (`readPartsAsOf`), or shares one with other reads
 * @returns `null` if the index is not there, or too many balances on the way did not hold at the block
 */
export async function readHolderPageAsOf(
  read: (part: PartAsOf) => Promise<RowsAsOf>,
  query: HolderAsOfQuery,
  request: PageRequest<HolderKey>,
): Promise<Page<ListedHolder> | null> {
  const isDescending = query.direction === 'DESC';
  try {
    return await readKeysetPage(
      {
        keyOf: ({ value, account }) => ({ value, account }),
        compare: (left, right) => (isDescending ? 1 : -1) * compareHolders(left, right),
        fetch: (start: HolderKey | null, isBackward, limit) =>
          readBeyond(read, query, { start, isDescending: isDescending !== isBackward, limit }),
      },
      request,
    );
  } catch (error) {
    if (error instanceof NotByIndexError) return null;
    throw error;
  }
}

/** @throws NotByIndexError */
async function readBeyond(
  read: (part: PartAsOf) => Promise<RowsAsOf>,
  { tokenNumber, asOf, minBalance, maxBalance, watch }: HolderAsOfQuery,
  place: Pick<PartAsOf, 'start' | 'isDescending' | 'limit'>,
): Promise<readonly ListedHolder[]> {
  const bounds = { minBalance: minBalance ?? null, maxBalance: maxBalance ?? null };
  let looked = Math.ceil(LOOKED_FOR_A_ROW * (place.limit + 1));
  for (;;) {
    const seen = watch();
    const found = await read({ tokenNumber, block: asOf.block, ...bounds, ...place, looked });
    seen(found.revision);
    if (!found.isIndexed) throw new NotByIndexError();
    if (found.rows.length >= place.limit || found.isWhole) return found.rows;
    if (looked >= LOOKED_AT_MOST) throw new NotByIndexError();
    looked = Math.min(LOOKED_AT_MOST, looked * GROWTH);
  }
}

/** A part of a list as of a block. */
export interface PartAsOf {
  readonly tokenNumber: number;
  readonly block: number;
  readonly minBalance: bigint | null;
  readonly maxBalance: bigint | null;
  /** Only holders after it; `null`: from the start. */
  readonly start: HolderKey | null;
  /** Largest first, and the lowest account first among equal ones; or exactly the reverse. */
  readonly isDescending: boolean;
  /** Maximum number of rows. */
  readonly limit: number;
  /** Balances to read on the way. */
  readonly looked: number;
}

/** The first holders of a part, as far as its balances settle them. */
export interface RowsAsOf {
  readonly rows: readonly ListedHolder[];
  /** Whether nobody else is in the part. */
  readonly isWhole: boolean;
  readonly isIndexed: boolean;
  readonly revision: string | null;
}

/** Parts with the same name have the same rows. */
export function partAsOfName(part: PartAsOf): string {
  const { tokenNumber, block, minBalance, maxBalance, start } = part;
  const place = start === null ? '' : `${start.value} ${start.account}`;
  return `${shapeOf(part)} ${tokenNumber} ${block} ${minBalance} ${maxBalance} ${place}`;
}

/** Parts of the same shape share a statement. */
function shapeOf({ minBalance, maxBalance, start, isDescending, limit, looked }: PartAsOf): string {
  const parts = [minBalance, maxBalance, start].map((part) => part === null);
  return `${parts} ${isDescending} ${limit} ${looked}`;
}

/** Reads parts of lists, in the given order. */
export async function readPartsAsOf(
  db: Queryable,
  parts: readonly PartAsOf[],
): Promise<RowsAsOf[]> {
  const answers: RowsAsOf[] = [];
  const shapes = new Map<string, number[]>();
  parts.forEach((part, place) => {
    const shape = shapeOf(part);
    shapes.set(shape, [...(shapes.get(shape) ?? []), place]);
  });
  await Promise.all(
    [...shapes.values()].map(async (places) => {
      const found = await readShape(
        db,
        places.flatMap((place) => parts[place] ?? []),
      );
      places.forEach((place, index) => {
        const rows = found[index];
        if (rows !== undefined) answers[place] = rows;
      });
    }),
  );
  return answers;
}

interface Row {
  readonly revision: string | null;
  readonly is_whole: boolean;
  readonly accounts: Buffer | null;
  readonly balances: string | null;
}

const NOT_INDEXED: RowsAsOf = { rows: [], isWhole: false, isIndexed: false, revision: null };

const COLUMNS: TokenRead<PartAsOf>['columns'] = {
  block_number: { type: 'bigint', of: ({ block }) => block },
  least: { type: 'numeric', of: ({ minBalance }) => minBalance },
  largest: { type: 'numeric', of: ({ maxBalance }) => maxBalance },
  value: { type: 'numeric', of: ({ start }) => start?.value ?? null },
  account: { type: 'bytea', of: ({ start }) => start && addressBytes(start.account) },
};

/** Reads parts of one shape. */
async function readShape(db: Queryable, parts: readonly PartAsOf[]): Promise<RowsAsOf[]> {
  const [shape] = parts;
  if (shape === undefined) return [];
  if (!(await isAmountIndexed(db, BY_BALANCE))) return parts.map(() => NOT_INDEXED);
  const parameters = new Parameters();
  const most = `${parameters.add(shape.looked)}::bigint`;
  const limit = parameters.add(shape.limit);
  const keys = { keys: parts, tokenOf: ({ tokenNumber }: PartAsOf) => tokenNumber };
  const branch = (token: string, items: string) => `SELECT k.ordinal,
      ${REVISION} AS revision, r.*
    FROM ${items} CROSS JOIN LATERAL (${partSql(token, shape, most, limit)}) r`;
  const rows = await readComposedBranches<Row>(
    db,
    'holders_as_of',
    tokenBranches({ ...keys, columns: COLUMNS, branch }, parameters),
    (union) => `${union} ORDER BY ordinal`,
    parameters,
  );
  return rows.map((row) => ({
    rows: decode(row),
    isWhole: row.is_whole,
    isIndexed: true,
    revision: row.revision,
  }));
}

/**
 * SQL of the rows of a part `k`: of the balances on the way, the first that are the newest of their accounts at the block.
 * PostgreSQL looks up one account after the other, and stops when the page is full.
 */
function partSql(token: string, shape: PartAsOf, most: string, limit: string): string {
  const walk = walkSql(token, shape, most);
  return `SELECT p.accounts, p.balances,
      CASE WHEN p.found < ${limit} THEN (SELECT count(*) < ${most} FROM (${walk}) w) ELSE false END AS is_whole
    FROM (
      SELECT string_agg(account, '') AS accounts, string_agg(balance::text, ',') AS balances, count(*) AS found
      FROM (
        SELECT w.account, w.balance FROM (${walk}) w
        WHERE (w.block_number, w."interval") = (
          SELECT b.block_number, b."interval" FROM balance_checkpoint b
          WHERE b.account = w.account AND b.token_number = ${token} AND b.block_number <= k.block_number
          ORDER BY b.block_number DESC, b."interval" DESC LIMIT 1)
        ORDER BY ${orderOf(shape.isDescending)} LIMIT ${limit}
      ) o
    ) p`;
}

/** SQL of the balances on the way from the start of a part `k`, two ranges of the index. */
function walkSql(token: string, shape: PartAsOf, most: string): string {
  const { isDescending, start } = shape;
  const [next, past] = isDescending ? ['<', '>'] : ['>', '<'];
  const all = ['b.block_number <= k.block_number', ...boundsOf(shape, 'b.balance')];
  const ranges =
    start === null
      ? [all]
      : [
          [...all, 'b.balance = k.value', `b.account ${past} k.account`],
          [...all, `b.balance ${next} k.value`],
        ];
  const order = orderOf(isDescending);
  const walked = ranges.map(
    (
      conditions,
    ) => `(SELECT b.account, b.balance, b.block_number, b."interval" FROM balance_checkpoint b
      WHERE b.token_number = ${token} AND ${conditions.join(' AND ')} ORDER BY ${order} LIMIT ${most})`,
  );
  return `SELECT * FROM (${walked.join(' UNION ALL ')}) w ORDER BY ${order} LIMIT ${most}`;
}

function boundsOf({ minBalance, maxBalance }: PartAsOf, balance: string): string[] {
  return [
    ...(minBalance === null ? [] : [`${balance} >= k.least`]),
    ...(maxBalance === null ? [] : [`${balance} <= k.largest`]),
  ];
}

function orderOf(isDescending: boolean): string {
  return isDescending ? 'balance DESC, account' : 'balance, account DESC';
}

function decode({ accounts, balances }: Row): ListedHolder[] {
  if (accounts === null || balances === null) return [];
  return balances.split(',').map((text, index) => {
    const balance = BigInt(text);
    return { account: addressAt(accounts, index), balance, value: balance };
  });
}
