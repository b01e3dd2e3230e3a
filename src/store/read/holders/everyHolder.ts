import { lastOperationId } from '../../ids.js';
import type { AsOf } from '../chains/asOf.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { newestCheckpoint } from './checkpointWalk.js';
import { assertStillNewest, CACHED_CURSOR, type CursorColumns } from './holderCache.js';

/** What a holder has and was paid, as text from Postgres. */
export interface HolderRow {
  readonly account: Buffer;
  readonly balance: string;
  readonly claimed_wei: string;
  readonly redeemed_wei: string;
}

/**
 * Every account that ever held a token, from the cache of newest states.
 *
 * @throws StaleMomentError if `asOf` is no longer the newest indexed block
 */
export async function readNewestHolders(
  db: Queryable,
  tokenNumber: number,
  asOf: AsOf,
): Promise<HolderRow[]> {
  const rows = await readRows<
    CursorColumns & { [Column in keyof HolderRow]: HolderRow[Column] | null }
  >(
    db,
    'newest_holders',
    `SELECT c.height, c.hash, h.account, h.balance, h.claimed_wei, h.redeemed_wei
     FROM ${CACHED_CURSOR} c LEFT JOIN holder h ON h.token_number = $2
     WHERE c.chain_id = $1`,
    [asOf.chainId, tokenNumber],
  );
  assertStillNewest(rows[0], asOf);
  return rows.flatMap(({ account, balance, claimed_wei, redeemed_wei }) =>
    account === null || balance === null || claimed_wei === null || redeemed_wei === null
      ? []
      : [{ account, balance, claimed_wei, redeemed_wei }],
  );
}

/** Every account that held a token up to a block, from the append-only rows. */
export function readHoldersAsOf(
  db: Queryable,
  tokenNumber: number,
  block: number,
): Promise<HolderRow[]> {
  return readRows<HolderRow>(
    db,
    'holders_as_of',
    `WITH claimed AS MATERIALIZED (
       SELECT holder, sum(amount_wei) AS wei FROM claim
       WHERE token_number = $1 AND id <= $3 GROUP BY holder
     ), redeemed AS MATERIALIZED (
       SELECT holder, sum(amount_wei) AS wei FROM redemption
       WHERE token_number = $1 AND id <= $3 GROUP BY holder
     )
     SELECT k.account, c.balance, COALESCE(claimed.wei, 0) AS claimed_wei,
       COALESCE(redeemed.wei, 0) AS redeemed_wei
     FROM holder k
     CROSS JOIN LATERAL (${newestCheckpoint('k', '$2')}) c
     LEFT JOIN claimed ON claimed.holder = k.account
     LEFT JOIN redeemed ON redeemed.holder = k.account
     WHERE k.token_number = $1`,
    [tokenNumber, block, lastOperationId(tokenNumber, block)],
  );
}
