import {
  decodeSnapshot as decodeRow,
  SNAPSHOT,
  type SnapshotColumns,
  type SnapshotRow,
} from '../../../model/tables/snapshot.js';
import { lastOperationId } from '../../ids.js';
import { readByToken, type TokenRead } from '../query/byToken.js';
import { type Hex, hexOf } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { rowColumns } from '../query/tableRow.js';
import type { TokenAsOf } from './poolVersions.js';

/** A snapshot, and what was claimed of it up to a block. */
export interface SnapshotRecord extends SnapshotRow {
  readonly tokenNumber: number;
  readonly block: number;
  readonly timestamp: Date;
  readonly transactionHash: Hex;
  readonly transactionIndex: number;
  /** Place among the token's operations of the block, in execution order. */
  readonly position: number;
  /** `CL[id]`: claimed by all holders so far. */
  readonly claimedWei: bigint;
  /** What proves the amount that it assigned, up to the block. */
  readonly proof: SnapshotProof | 'UNPROVEN';
}

/** The columns of a snapshot `s`, with its newest claim `c`. */
export interface ReadSnapshot extends SnapshotColumns {
  readonly token_number: number;
  readonly block_number: number;
  readonly timestamp: Date;
  readonly transaction_hash: Buffer;
  readonly transaction_index: number;
  readonly position: number;
  readonly claimed_wei: string | null;
  readonly proof: SnapshotProof | null;
}

export const SNAPSHOT_FIELDS = `s.token_number, s.block_number, s."timestamp",
  s.transaction_hash, s.transaction_index, s.position, ${rowColumns(SNAPSHOT, 's').join(', ')},
  c.snapshot_claimed_wei AS claimed_wei, p.proof`;

/** SQL of what proves snapshot `s` up to a block. */
export const firstProof = (upTo: string) => `LEFT JOIN LATERAL (
    SELECT proof FROM snapshot_proof
    WHERE token_number = s.token_number AND snapshot_id = s.snapshot_id AND block_number <= ${upTo}
    ORDER BY block_number LIMIT 1
  ) p ON true`;

/**
 * SQL of the newest claim of snapshot `s` of a token up to a row id: it has the sum so far.
 *
 * @param token SQL of its number, a parameter
 */
export const newestClaim = (token: string, upTo: string) => `LEFT JOIN LATERAL (
    SELECT snapshot_claimed_wei FROM claim
    WHERE token_number = ${token} AND snapshot_id = s.snapshot_id AND id <= ${upTo}
    ORDER BY id DESC LIMIT 1
  ) c ON true`;

/** Columns of keys: the block, and the row id up to which rows count. */
export const UP_TO: TokenRead<TokenAsOf>['columns'] = {
  block_number: { type: 'bigint', of: ({ block }) => block },
  high: { type: 'text', of: ({ tokenNumber, block }) => lastOperationId(tokenNumber, block) },
};

/** The newest snapshot of each token up to its block, `null` before the first. */
export async function readLastSnapshots(
  db: Queryable,
  tokens: readonly TokenAsOf[],
): Promise<(SnapshotRecord | null)[]> {
  const rows = await readByToken<ReadSnapshot & { readonly ordinal: number }, TokenAsOf>(db, {
    name: 'last_snapshots',
    isJoinable: true,
    keys: tokens,
    tokenOf: ({ tokenNumber }) => tokenNumber,
    columns: UP_TO,
    branch: (token, items) => `SELECT k.ordinal, ${SNAPSHOT_FIELDS} FROM ${items}
      CROSS JOIN LATERAL (
        SELECT * FROM snapshot
        WHERE token_number = ${token} AND block_number <= k.block_number
        ORDER BY snapshot_id DESC LIMIT 1
      ) s
      ${newestClaim(token, 'k.high')} ${firstProof('k.block_number')}`,
  });
  const snapshots: (SnapshotRecord | null)[] = tokens.map(() => null);
  for (const row of rows) snapshots[row.ordinal] = decodeSnapshot(row);
  return snapshots;
}

export function decodeSnapshot(row: ReadSnapshot): SnapshotRecord {
  return {
    tokenNumber: row.token_number,
    block: row.block_number,
    timestamp: row.timestamp,
    transactionHash: hexOf(row.transaction_hash),
    transactionIndex: row.transaction_index,
    position: row.position,
    ...decodeRow(row),
    claimedWei: BigInt(row.claimed_wei ?? 0),
    proof: row.proof ?? 'UNPROVEN',
  };
}

/** What proves the amount that a snapshot assigned. */
export type SnapshotProof =
  /** The contract's view returned the same share of a holder. */
  | 'VIEW'
  /** The contract stores the same claimable amount. */
  | 'STORAGE'
  /** A claim that paid exactly the share. */
  | 'PAYMENT';
