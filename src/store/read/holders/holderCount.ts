import { lastOperationId } from '../../ids.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import type { TokenAsOf } from '../tokens/poolVersions.js';

/** Whether a token has more than `most` holders, without counting all of them. */
export async function hasMoreHolders(
  db: Queryable,
  tokenNumber: number,
  most: number,
): Promise<boolean> {
  const [row] = await readRows<{ readonly count: string }>(
    db,
    'holder_count',
    `SELECT count(*) AS count FROM (
       SELECT 1 FROM holder WHERE token_number = $1 LIMIT $2
     ) h`,
    [tokenNumber, most + 1],
  );
  return Number(row?.count ?? 0) > most;
}

/** Whether a token has more than `most` payments of a kind up to a block, without counting all of them. */
export async function hasMorePayments(
  db: Queryable,
  table: 'claim' | 'redemption',
  { tokenNumber, block }: TokenAsOf,
  most: number,
): Promise<boolean> {
  const [row] = await readRows<{ readonly count: string }>(
    db,
    `${table}_count`,
    `SELECT count(*) AS count FROM (
       SELECT 1 FROM ${table} WHERE token_number = $1 AND id <= $2 LIMIT $3
     ) p`,
    [tokenNumber, lastOperationId(tokenNumber, block), most + 1],
  );
  return Number(row?.count ?? 0) > most;
}

/** Counts the accounts that held a token up to a block. */
export async function countAccountsAsOf(
  db: Queryable,
  { tokenNumber, block }: TokenAsOf,
): Promise<number> {
  const [row] = await readRows<{ readonly count: string }>(
    db,
    'accounts_as_of',
    `SELECT count(*) FROM holder k WHERE token_number = $1 AND EXISTS (
       SELECT FROM balance_checkpoint b
       WHERE b.account = k.account AND b.token_number = $1 AND b.block_number <= $2)`,
    [tokenNumber, block],
  );
  return Number(row?.count ?? 0);
}
