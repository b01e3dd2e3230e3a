import { type Address, addressFromBytes } from '../../../address.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** Of each chain: a factory may name any number of addresses. */
export const REFUSALS_AT_MOST = 20;

/** A contract that a factory created and that is left out. */
export interface RefusedCreation {
  readonly chainId: number;
  readonly address: Address;
  readonly factory: Address;
  /** Of the event. */
  readonly block: number;
  readonly code: string;
  readonly reason: string;
}

/** What is left out of what factories created, of each chain the newest, at most `REFUSALS_AT_MOST`. */
export async function readRefusedCreations(db: Queryable): Promise<RefusedCreation[]> {
  const rows = await readRows<{
    readonly chain_id: number;
    readonly address: Buffer;
    readonly factory: string;
    readonly block_number: number;
    readonly refused_code: string;
    readonly refused_reason: string | null;
  }>(
    db,
    'refused_creations',
    `SELECT f.* FROM (SELECT DISTINCT chain_id FROM factory WHERE chain_id > 0) c
     CROSS JOIN LATERAL (
       SELECT chain_id, address, factory, block_number, refused_code, refused_reason
       FROM factory_contract WHERE chain_id = c.chain_id AND refused_code IS NOT NULL
       ORDER BY block_number DESC, log_index DESC, address LIMIT $1
     ) f ORDER BY f.chain_id`,
    [REFUSALS_AT_MOST],
  );
  return rows.map((row) => ({
    chainId: row.chain_id,
    address: addressFromBytes(row.address),
    // The key of the entry: address, topic and field.
    factory: row.factory.slice(0, 42) as Address,
    block: row.block_number,
    code: row.refused_code,
    reason: row.refused_reason ?? '',
  }));
}
