import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** Two blocks of a chain, from which the block time can be computed. */
export interface BlockPace {
  readonly blocks: bigint;
  readonly milliseconds: bigint;
}

interface Row {
  readonly chain_id: number;
  readonly blocks: number;
  readonly first: Date;
  readonly last: Date;
}

/**
 * Returns the distance between the first and the last kept block of each chain. Leaves out chains
 * with fewer than two.
 */
export async function readBlockPaces(
  db: Queryable,
  chainIds: readonly number[],
): Promise<ReadonlyMap<number, BlockPace>> {
  const rows = await readRows<Row>(
    db,
    'block_paces',
    `SELECT k.chain_id, b.number - a.number AS blocks, a."timestamp" AS first,
       b."timestamp" AS last
     FROM unnest($1::bigint[]) AS k(chain_id)
     CROSS JOIN LATERAL (SELECT number, "timestamp" FROM block WHERE chain_id = k.chain_id
       ORDER BY "timestamp", number LIMIT 1) a
     CROSS JOIN LATERAL (SELECT number, "timestamp" FROM block WHERE chain_id = k.chain_id
       ORDER BY "timestamp" DESC, number DESC LIMIT 1) b
     WHERE b.number > a.number`,
    [chainIds],
  );
  return new Map(
    rows.map(({ chain_id, blocks, first, last }) => [
      chain_id,
      { blocks: BigInt(blocks), milliseconds: BigInt(last.getTime() - first.getTime()) },
    ]),
  );
}
