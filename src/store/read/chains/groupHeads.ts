import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** How far a group of contracts of a chain is, that a process of its own indexes. */
export interface GroupHead {
  readonly chainId: number;
  readonly name: string;
  readonly contracts: number;
  /** Newest block that it has indexed; `null`: none yet. */
  readonly indexedBlock: number | null;
}

interface GroupRow {
  readonly chain_id: number;
  readonly name: string;
  readonly contracts: number;
  readonly height: number | null;
}

/** Every group of every chain, by chain and in the order of the config; none: one process indexes each chain. */
export async function readGroupHeads(db: Queryable): Promise<readonly GroupHead[]> {
  const rows = await readRows<GroupRow>(
    db,
    'group_heads',
    `SELECT g.chain_id, g.name, cardinality(g.contracts) AS contracts, c.height
     FROM chain_group g LEFT JOIN chain_cursor c ON c.chain_id = g.key AND c.height >= 0
     ORDER BY g.chain_id, g.key DESC`,
    [],
  );
  return rows.map(({ chain_id, name, contracts, height }) => ({
    chainId: chain_id,
    name,
    contracts,
    indexedBlock: height,
  }));
}
