import {
  PRICE_ROUND,
  type PriceRoundRow,
  priceRoundLine,
} from '../../../model/tables/priceRound.js';
import type { SqlClient } from '../../database/sqlClient.js';
import { operationId } from '../../ids.js';
import type { RowBuffer } from './rowBuffer.js';

/** The block that a round belongs to. */
export interface RoundPlace {
  readonly feedNumber: number;
  readonly blockNumber: number;
  /** ISO 8601. */
  readonly timestamp: string;
}

export interface RoundRow extends Omit<PriceRoundRow, 'logIndex'> {
  /** `null`: the newest round from before the block. */
  readonly log: {
    readonly transactionHash: string;
    readonly transactionIndex: number;
    readonly logIndex: number;
  } | null;
  readonly position: number;
}

/** Appends a round of a price feed to a buffer. */
export function appendRound(rows: RowBuffer, block: RoundPlace, round: RoundRow): void {
  const { log, position } = round;
  const { transactionHash, transactionIndex, logIndex } = log ?? NO_LOG;
  const place = { ...block, transactionHash, transactionIndex, position };
  const id = operationId(block.feedNumber, block.blockNumber, position);
  rows.append(PRICE_ROUND, priceRoundLine(id, place, { ...round, logIndex }));
}

const NO_LOG = { transactionHash: null, transactionIndex: null, logIndex: null };

/** Ids of the newest rounds, by the number of the feed; feeds without rounds are left out. */
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
