import { lastOperationId } from '../../ids.js';
import type { Direction } from '../operations/operation.js';
import type { Hex } from '../query/decode.js';
import { compareValues, type Page, type PageRequest, readKeysetPage } from '../query/keysetPage.js';
import type { Queryable } from '../query/queryable.js';
import { Parameters, readComposedRows } from '../query/statement.js';
import {
  hexColumn,
  integerColumn,
  numericColumn,
  timeColumn,
  type Where,
  type WhereColumns,
  whereConditions,
} from '../query/where.js';
import type { TokenAsOf } from './poolVersions.js';
import {
  decodeSnapshot,
  firstProof,
  newestClaim,
  type ReadSnapshot,
  SNAPSHOT_FIELDS,
  type SnapshotRecord,
} from './snapshots.js';

const CLAIMED = 'coalesce(c.snapshot_claimed_wei, 0)';

/** The fields that snapshots can be filtered by. */
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
  newRevenueWei: numericColumn('s.new_revenue_wei'),
  claimableWei: numericColumn('s.claimable_wei'),
  freshWei: numericColumn('s.fresh_wei'),
  rolledOverWei: numericColumn('s.rolled_over_wei'),
  redeemableAddedWei: numericColumn('s.redeemable_added_wei'),
  claimedWei: numericColumn(CLAIMED),
  supply: numericColumn('s.supply'),
};

/** The orders of a list of snapshots; `null`: by id only. */
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

/** The position of a snapshot in a list; equal values are ordered by id. */
export interface SnapshotKey {
  readonly value: bigint;
  readonly snapshotId: number;
}

export function snapshotKey(row: SnapshotRecord, orderBy: keyof typeof ORDERS): SnapshotKey {
  return { value: ORDERS[orderBy].figureOf(row), snapshotId: row.snapshotId };
}

/**
 * Reads a page of a token's snapshots: by index, unless the list is ordered by what was claimed.
 * Every claim changes that figure, so all of the token's snapshots are read: one for each interval
 * of its life.
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
  const id = () => `${parameters.add(start?.snapshotId ?? 0)}::bigint`;
  const beyond =
    column === null
      ? () => `s.snapshot_id ${comparison} ${id()}`
      : () => {
          const value = `${parameters.add(start?.value ?? 0n)}::numeric`;
          return `(${column}, s.snapshot_id) ${comparison} (${value}, ${id()})`;
        };
  const figure = column === null ? '' : `${column} ${order}, `;
  const rows = await readComposedRows<ReadSnapshot>(
    db,
    'snapshots',
    `SELECT ${SNAPSHOT_FIELDS} ${source} ${start === null ? '' : `AND ${beyond()}`}
     ORDER BY ${figure}s.snapshot_id ${order} LIMIT ${parameters.add(limit)}`,
    parameters,
  );
  return rows.map(decodeSnapshot);
}

/** FROM and WHERE: the snapshots `s` of a token, with their newest claims `c`. */
function snapshotsOf({ tokenNumber, block, where }: SnapshotQuery, parameters: Parameters): string {
  const upTo = parameters.add(lastOperationId(tokenNumber, block));
  const newest = parameters.add(block);
  const conditions = [
    `s.token_number = ${parameters.add(tokenNumber)}`,
    `s.block_number <= ${newest}`,
    ...whereConditions(where, SNAPSHOT_COLUMNS, parameters),
  ];
  return `FROM snapshot s ${newestClaim(upTo)} ${firstProof(newest)} WHERE ${conditions.join(' AND ')}`;
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
