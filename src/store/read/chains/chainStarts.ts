import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

interface StartRow {
  readonly chain_id: number;
  readonly block: number;
}

/** By chain id: the first block from which any contract of the chain is indexed. */
export async function readChainStarts(db: Queryable): Promise<ReadonlyMap<number, number>> {
  const rows = await readRows<StartRow>(
    db,
    'chain_starts',
    `SELECT chain_id, min(start_block) AS block FROM (
       SELECT chain_id, start_block FROM token
       UNION ALL SELECT chain_id, start_block FROM contract
       UNION ALL SELECT chain_id, start_block FROM sale
       UNION ALL SELECT chain_id, start_block FROM price_feed
     ) started GROUP BY chain_id`,
    [],
  );
  return new Map(rows.map(({ chain_id, block }) => [Number(chain_id), Number(block)]));
}
