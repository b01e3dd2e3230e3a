import { lastOperationId } from '../../ids.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** Claims of some accounts on a token's snapshots from `firstId` on, up to a block. */
export interface OpenClaimsQuery {
  readonly tokenNumber: number;
  readonly firstId: number;
  readonly block: number;
  /** 20 bytes each. */
  readonly accounts: readonly Buffer[];
}

/** What each account was paid, in wei, in the order of the accounts. */
export async function readOpenClaimed(
  db: Queryable,
  { tokenNumber, firstId, block, accounts }: OpenClaimsQuery,
): Promise<bigint[]> {
  const rows = await readRows<{ readonly ordinal: number; readonly wei: string }>(
    db,
    'open_claimed',
    `SELECT k.ordinal, c.wei
     FROM unnest($1::bytea[]) WITH ORDINALITY AS k(account, ordinal)
     CROSS JOIN LATERAL (
       SELECT sum(amount_wei) AS wei FROM claim
       WHERE holder = k.account AND token_number = $2 AND snapshot_id >= $3 AND id <= $4
     ) c
     WHERE c.wei IS NOT NULL`,
    [accounts, tokenNumber, firstId, lastOperationId(tokenNumber, block)],
  );
  const paid = accounts.map(() => 0n);
  for (const { ordinal, wei } of rows) paid[Number(ordinal) - 1] = BigInt(wei);
  return paid;
}
