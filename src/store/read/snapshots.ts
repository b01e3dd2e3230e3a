import { lastOperationId } from '../ids.js';
import { type Hex, hexOf } from './decode.js';
import { compareValues, type Page, type PageRequest, readKeysetPage } from './keysetPage.js';
import type { Direction } from './operation.js';
import type { TokenAsOf } from './poolVersions.js';
import type { Queryable } from './queryable.js';
import { Parameters, readComposedRows, readRows } from './statement.js';
import {
  amountColumn,
  hexColumn,
  integerColumn,
  timeColumn,
  type Where,
  type WhereColumns,
  whereConditions,
} from './where.js';

/** A snapshot, and what was claimed of it up to a block. */
export interface SnapshotRecord {
  readonly tokenNumber: number;
  readonly snapshotId: number;
  readonly block: number;
  readonly timestamp: Date;
  readonly transactionHash: Hex;
  readonly transactionIndex: number;
  /** Place among the token's operations of the block, in execution order. */
  readonly position: number;
  /** New revenue that the snapshot covered. */
  readonly newRevenueWei: bigint;
  /** `CA[id]`: fresh and rolled over together. */
  readonly claimableWei: bigint;
  readonly freshWei: bigint;
  readonly rolledOverWei: bigint;
  /** What the redeem pool gained. */
  readonly redeemableAddedWei: bigint;
  /** `CL[id]`: claimed by all holders so far. */
  readonly claimedWei: bigint;
  /** `supplyAt(id)`, in token units. */
  readonly supply: bigint;
}

interface Row {
  readonly token_number: number;
  readonly snapshot_id: number;
  readonly block_number: number;
  readonly timestamp: Date;
  readonly transaction_hash: Buffer;
  readonly transaction_index: number;
  readonly position: number;
  readonly new_revenue_wei: string;
  readonly claimable_wei: string;
  readonly fresh_wei: string;
  readonly rolled_over_wei: string;
  readonly redeemable_added_wei: string;
  readonly claimed_wei: string | null;
  readonly supply: string;
}

const COLUMNS = `s.token_number, s.snapshot_id, s.block_number, s."timestamp",
  s.transaction_hash, s.transaction_index, s.position, s.new_revenue_wei, s.claimable_wei,
  s.fresh_wei, s.rolled_over_wei, s.redeemable_added_wei, s.supply,
  c.snapshot_claimed_wei AS claimed_wei`;

/** Text of the newest claim of snapshot `s` up to a row id: it holds the sum so far. */
const newestClaim = (upTo: string) => `LEFT JOIN LATERAL (
    SELECT snapshot_claimed_wei FROM claim
    WHERE token_number = s.token_number AND snapshot_id = s.snapshot_id AND id <= ${upTo}
    ORDER BY id DESC LIMIT 1
  ) c ON true`;

const CLAIMED = 'coalesce(c.snapshot_claimed_wei, 0)';

/** What snapshots can be narrowed by. */
export interface SnapshotValues {
  readonly snapshotId: number;
  readonly block: number;
  readonly timestamp: Date;
  readonly transactionHash: Hex;
  readonly newRevenueWei: bigint;
  readonly claimableWei: bigint;
  readonly freshWei: bigint;
  readonly rolledOverWei: bigint;
  readonly redeemableAddedWei: bigint;
  readonly claimedWei: bigint;
  readonly supply: bigint;
}

const SNAPSHOT_COLUMNS: WhereColumns<SnapshotValues> = {
  snapshotId: integerColumn('s.snapshot_id'),
  block: integerColumn('s.block_number'),
  timestamp: timeColumn('s."timestamp"'),
  transactionHash: hexColumn('s.transaction_hash'),
  newRevenueWei: amountColumn('s.new_revenue_wei'),
  claimableWei: amountColumn('s.claimable_wei'),
  freshWei: amountColumn('s.fresh_wei'),
  rolledOverWei: amountColumn('s.rolled_over_wei'),
  redeemableAddedWei: amountColumn('s.redeemable_added_wei'),
  claimedWei: amountColumn(CLAIMED),
  supply: amountColumn('s.supply'),
};

/** What a list of snapshots can be ordered by; `null`: their ids alone. */
const ORDERS = {
  SNAPSHOT: { column: null, figureOf: () => 0n },
  CLAIMABLE: {
    column: 's.claimable_wei',
    figureOf: ({ claimableWei }: SnapshotRecord) => claimableWei,
  },
  CLAIMED: { column: CLAIMED, figureOf: ({ claimedWei }: SnapshotRecord) => claimedWei },
  NEW_REVENUE: {
    column: 's.new_revenue_wei',
    figureOf: ({ newRevenueWei }: SnapshotRecord) => newRevenueWei,
  },
} as const;

/** Which snapshots of a token, in which order. */
export interface SnapshotQuery extends TokenAsOf {
  readonly where?: Where<SnapshotValues> | null;
  readonly orderBy: keyof typeof ORDERS;
  readonly direction: Direction;
}

/** Where a snapshot stands in a list; equal values go by id. */
export interface SnapshotKey {
  readonly value: bigint;
  readonly snapshotId: number;
}

export function snapshotKey(row: SnapshotRecord, orderBy: keyof typeof ORDERS): SnapshotKey {
  return { value: ORDERS[orderBy].figureOf(row), snapshotId: row.snapshotId };
}

/**
 * A page of a token's snapshots. By id it goes by index; by a figure, all of the token's
 * snapshots are looked at: one for each interval of its life.
 */
export function readSnapshotPage(
  db: Queryable,
  query: SnapshotQuery,
  request: PageRequest<SnapshotKey>,
): Promise<Page<SnapshotRecord>> {
  const isAscending = query.direction === 'ASC';
  return readKeysetPage(
    {
      keyOf: (row) => snapshotKey(row, query.orderBy),
      compare: (left, right) =>
        (isAscending ? 1 : -1) *
        (compareValues(left.value, right.value) ||
          compareValues(left.snapshotId, right.snapshotId)),
      fetch: (start: SnapshotKey | null, isBackward, limit) =>
        fetchSnapshots(db, query, start, isAscending !== isBackward, limit),
    },
    request,
  );
}

async function fetchSnapshots(
  db: Queryable,
  query: SnapshotQuery,
  start: SnapshotKey | null,
  isUp: boolean,
  limit: number,
): Promise<SnapshotRecord[]> {
  const parameters = new Parameters();
  const { column } = ORDERS[query.orderBy];
  const [comparison, order] = isUp ? ['>', 'ASC'] : ['<', 'DESC'];
  const source = snapshotsOf(query, parameters);
  const id = () => `${parameters.add(start?.snapshotId ?? 0)}::integer`;
  const beyond =
    column === null
      ? () => `s.snapshot_id ${comparison} ${id()}`
      : () => {
          const value = `${parameters.add(start?.value ?? 0n)}::numeric`;
          return `(${column}, s.snapshot_id) ${comparison} (${value}, ${id()})`;
        };
  const figure = column === null ? '' : `${column} ${order}, `;
  const rows = await readComposedRows<Row>(
    db,
    'snapshots',
    `SELECT ${COLUMNS} ${source} ${start === null ? '' : `AND ${beyond()}`}
     ORDER BY ${figure}s.snapshot_id ${order} LIMIT ${parameters.add(limit)}`,
    parameters,
  );
  return rows.map(decode);
}

/** FROM and WHERE: the snapshots `s` of a token, with their newest claims `c`. */
function snapshotsOf({ tokenNumber, block, where }: SnapshotQuery, parameters: Parameters): string {
  const upTo = parameters.add(lastOperationId(tokenNumber, block));
  const conditions = [
    `s.token_number = ${parameters.add(tokenNumber)}`,
    `s.block_number <= ${parameters.add(block)}`,
    ...whereConditions(where, SNAPSHOT_COLUMNS, parameters),
  ];
  return `FROM snapshot s ${newestClaim(upTo)} WHERE ${conditions.join(' AND ')}`;
}

export async function countSnapshots(db: Queryable, query: SnapshotQuery): Promise<number> {
  const parameters = new Parameters();
  const [row] = await readComposedRows<{ readonly count: string }>(
    db,
    'snapshot_count',
    `SELECT count(*) ${snapshotsOf(query, parameters)}`,
    parameters,
  );
  return Number(row?.count ?? 0);
}

/** The newest snapshot of each token up to its block, `null` before the first. */
export async function readLastSnapshots(
  db: Queryable,
  tokens: readonly TokenAsOf[],
): Promise<(SnapshotRecord | null)[]> {
  const rows = await readRows<Row & { readonly ordinal: string }>(
    db,
    'last_snapshots',
    `SELECT k.ordinal, ${COLUMNS}
     FROM unnest($1::integer[], $2::integer[], $3::text[])
       WITH ORDINALITY AS k(token_number, block_number, high, ordinal)
     CROSS JOIN LATERAL (
       SELECT * FROM snapshot
       WHERE token_number = k.token_number AND block_number <= k.block_number
       ORDER BY snapshot_id DESC LIMIT 1
     ) s
     ${newestClaim('k.high')}`,
    [
      tokens.map(({ tokenNumber }) => tokenNumber),
      tokens.map(({ block }) => block),
      tokens.map(({ tokenNumber, block }) => lastOperationId(tokenNumber, block)),
    ],
  );
  const snapshots: (SnapshotRecord | null)[] = tokens.map(() => null);
  for (const row of rows) snapshots[Number(row.ordinal) - 1] = decode(row);
  return snapshots;
}

function decode(row: Row): SnapshotRecord {
  return {
    tokenNumber: row.token_number,
    snapshotId: row.snapshot_id,
    block: row.block_number,
    timestamp: row.timestamp,
    transactionHash: hexOf(row.transaction_hash),
    transactionIndex: row.transaction_index,
    position: row.position,
    newRevenueWei: BigInt(row.new_revenue_wei),
    claimableWei: BigInt(row.claimable_wei),
    freshWei: BigInt(row.fresh_wei),
    rolledOverWei: BigInt(row.rolled_over_wei),
    redeemableAddedWei: BigInt(row.redeemable_added_wei),
    claimedWei: BigInt(row.claimed_wei ?? 0),
    supply: BigInt(row.supply),
  };
}
