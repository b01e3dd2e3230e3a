import {
  decodePoolVersion,
  POOL_VERSION,
  type PoolVersionColumns,
  type PoolVersionRow,
} from '../../../model/tables/poolVersion.js';
import { lastOperationId } from '../../ids.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { rowColumns } from '../query/tableRow.js';

/** The state of a token at the end of a block. */
export interface TokenAsOf {
  readonly tokenNumber: number;
  readonly block: number;
}

/** The pools of a token at the end of a block, and its totals since the deployment. */
export type PoolVersion = PoolVersionRow;

/** A token before its first operation. */
export const EMPTY_POOL_VERSION: PoolVersion = {
  balanceWei: 0n,
  supply: 0n,
  newRevenueWei: 0n,
  claimPoolWei: 0n,
  redeemPoolWei: 0n,
  redeemedFromNewWei: 0n,
  lastSnapshotId: 0,
  receivedWei: 0n,
  claimedWei: 0n,
  redeemedWei: 0n,
};

interface Row extends PoolVersionColumns {
  readonly ordinal: number;
}

/** The newest version of each token that is not after the block; in the order of `tokens`. */
export async function readPoolVersions(
  db: Queryable,
  tokens: readonly TokenAsOf[],
): Promise<PoolVersion[]> {
  const rows = await readRows<Row>(
    db,
    'pool_versions',
    `SELECT k.ordinal, v.*
     FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY AS k(number, high, ordinal)
     CROSS JOIN LATERAL (
       SELECT ${rowColumns(POOL_VERSION, 'p').join(', ')}
       FROM pool_version p WHERE token_number = k.number AND id <= k.high ORDER BY id DESC LIMIT 1
     ) v`,
    [
      tokens.map(({ tokenNumber }) => tokenNumber),
      tokens.map(({ tokenNumber, block }) => lastOperationId(tokenNumber, block)),
    ],
  );
  const versions: PoolVersion[] = tokens.map(() => EMPTY_POOL_VERSION);
  for (const row of rows) versions[Number(row.ordinal) - 1] = decodePoolVersion(row);
  return versions;
}

/** The newest block up to the given one in which a token's pools changed; `null`: in none. */
export async function readNewestVersionBlock(
  db: Queryable,
  { tokenNumber, block }: TokenAsOf,
): Promise<number | null> {
  const [row] = await readRows<{ readonly block_number: number }>(
    db,
    'newest_pool_version_block',
    `SELECT block_number FROM pool_version
     WHERE token_number = $1 AND id <= $2 ORDER BY id DESC LIMIT 1`,
    [tokenNumber, lastOperationId(tokenNumber, block)],
  );
  return row?.block_number ?? null;
}
