import { type Address, addressFromBytes } from '../../address.js';
import type { SqlClient } from '../database/sqlClient.js';

/** A contract whose books are live. */
export interface Registered {
  readonly kind: 'token' | 'oracle' | 'collection' | 'sale' | 'pool';
  readonly address: Address;
  readonly number: number;
  readonly startBlock: number;
}

/** The contracts with books of a key that are not archived, in the order of their numbers. */
export async function readRegistered(db: SqlClient, key: number): Promise<Registered[]> {
  const { rows } = await db.query<{
    kind: Registered['kind'];
    address: Buffer;
    number: number;
    start_block: number;
  }>(
    `SELECT kind, address, number, start_block FROM (
       SELECT 'token' AS kind, address, number, start_block FROM token
       WHERE chain_id = $1 AND archived_block IS NULL
       UNION ALL SELECT kind, address, number, start_block FROM contract
       WHERE chain_id = $1 AND archived_block IS NULL
     ) AS known ORDER BY number`,
    [key],
  );
  return rows.map(({ kind, address, number, start_block: startBlock }) => {
    return { kind, address: addressFromBytes(address), number, startBlock };
  });
}
