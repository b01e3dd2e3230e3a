import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** The newest block with operations of the chain before each of some moments; -1 where there is none. */
export async function readBlocksBefore(
  db: Queryable,
  { chainId, block }: { readonly chainId: number; readonly block: number },
  moments: readonly Date[],
): Promise<number[]> {
  const rows = await readRows<{ readonly ordinal: number; readonly number: number }>(
    db,
    'blocks_before',
    `SELECT k.ordinal, b.number
     FROM unnest($1::timestamptz[]) WITH ORDINALITY AS k(moment, ordinal)
     CROSS JOIN LATERAL (
       SELECT number FROM block
       WHERE chain_id = $2 AND "timestamp" < k.moment AND number <= $3
       ORDER BY "timestamp" DESC, number DESC LIMIT 1
     ) b`,
    [moments, chainId, block],
  );
  const blocks = moments.map(() => -1);
  for (const { ordinal, number } of rows) blocks[Number(ordinal) - 1] = number;
  return blocks;
}
