import { lastOperationId } from '../../ids.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** How many accounts have a balance above 0 at the end of a block, by token number; without those of none. */
export async function readHolderCounts(
  db: Queryable,
  tokenNumbers: readonly number[],
  block: number,
): Promise<ReadonlyMap<number, number>> {
  const rows = await readRows<{ readonly number: number; readonly holders: number }>(
    db,
    'holder_counts',
    `SELECT k.number, c.holders
     FROM unnest($1::integer[], $2::text[]) AS k(number, high)
     CROSS JOIN LATERAL (
       SELECT holders FROM holder_count
       WHERE token_number = k.number AND id <= k.high ORDER BY id DESC LIMIT 1
     ) c`,
    [tokenNumbers, tokenNumbers.map((number) => lastOperationId(number, block))],
  );
  return new Map(rows.map(({ number, holders }) => [number, holders]));
}
