import type { SqlClient } from '../../database/sqlClient.js';
import { operationId } from '../../ids.js';
import { copyBytes, NULL } from '../copy/copy.js';
import type { RowBuffer, RowTable } from './rowBuffer.js';

const PRICE_ROUND: RowTable = {
  name: 'price_round',
  columns:
    'id, feed_number, block_number, "timestamp", transaction_hash, transaction_index, log_index, position, round_id, answer, updated_at',
};

/** The block that a round belongs to. */
export interface RoundPlace {
  readonly feedNumber: number;
  readonly blockNumber: number;
  /** ISO 8601. */
  readonly timestamp: string;
}

export interface RoundRow {
  /** `null`: the round that was the newest before the block. */
  readonly log: {
    readonly transactionHash: string;
    readonly transactionIndex: number;
    readonly logIndex: number;
  } | null;
  readonly position: number;
  readonly roundId: bigint;
  readonly answer: bigint;
  readonly updatedAt: bigint;
}

/** Appends a round of a price feed to a buffer. */
export function appendRound(rows: RowBuffer, place: RoundPlace, row: RoundRow): void {
  const { feedNumber, blockNumber, timestamp } = place;
  const { log, position, roundId, answer, updatedAt } = row;
  rows.append(
    PRICE_ROUND,
    `${operationId(feedNumber, blockNumber, position)}\t${feedNumber}\t${blockNumber}\t` +
      `${timestamp}\t${log === null ? NULL : copyBytes(log.transactionHash)}\t` +
      `${log?.transactionIndex ?? NULL}\t${log?.logIndex ?? NULL}\t${position}\t` +
      `${roundId}\t${answer}\t${updatedAt}\n`,
  );
}

/** Ids of the newest rounds, by the number of the feed; feeds without any are left out. */
export async function readNewestRoundIds(
  db: SqlClient,
  feedNumbers: readonly number[],
): Promise<Map<number, bigint>> {
  const newest = new Map<number, bigint>();
  for (const number of feedNumbers) {
    const { rows } = await db.query<{ round_id: string }>(
      'SELECT round_id FROM price_round WHERE feed_number = $1 ORDER BY id DESC LIMIT 1',
      [number],
    );
    const [row] = rows;
    if (row !== undefined) newest.set(number, BigInt(row.round_id));
  }
  return newest;
}
