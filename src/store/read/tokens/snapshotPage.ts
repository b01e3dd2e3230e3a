import { lastOperationId } from '../../ids.js';
import type { Direction } from '../operations/operation.js';
import { compareValues, type Page, type PageRequest, readKeysetPage } from '../query/keysetPage.js';
import type { Queryable } from '../query/queryable.js';
import { Parameters, readComposedRows } from '../query/statement.js';
import type { TokenAsOf } from './poolVersions.js';
import {
  decodeSnapshot,
  firstProof,
  newestClaim,
  type ReadSnapshot,
  SNAPSHOT_FIELDS,
  type SnapshotRecord,
} from './snapshots.js';

/** Claimed of the snapshot `s`, by its newest claim `c`. */
export const CLAIMED = 'coalesce(c.snapshot_claimed_wei, 0)';

/** What snapshots are ordered by before their ids: a column, and its value in a row. */
export interface SnapshotFigure {
  readonly sql: string;
  of(row: SnapshotRecord): bigint;
}

/** Which snapshots of a token, in which order. */
export interface SnapshotQuery extends TokenAsOf {
  /** More conditions on the snapshot `s`. */
  readonly where?: (parameters: Parameters) => readonly string[];
  /** `null`: their ids alone. */
  readonly figure: SnapshotFigure | null;
  readonly direction: Direction;
}

/** The position of a snapshot in a list; equal values are ordered by id. */
export interface SnapshotKey {
  readonly value: bigint;
  readonly snapshotId: number;
}

export function snapshotKey(row: SnapshotRecord, figure: SnapshotFigure | null): SnapshotKey {
  return { value: figure?.of(row) ?? 0n, snapshotId: row.snapshotId };
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
      keyOf: (row) => snapshotKey(row, query.figure),
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
  const column = query.figure?.sql ?? null;
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
  const token = `${parameters.add(tokenNumber)}::integer`;
  const conditions = [
    `s.token_number = ${token}`,
    `s.block_number <= ${newest}`,
    ...(where?.(parameters) ?? []),
  ];
  return `FROM snapshot s ${newestClaim(token, upTo)} ${firstProof(newest)} WHERE ${conditions.join(' AND ')}`;
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
