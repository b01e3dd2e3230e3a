import { type Address, addressFromBytes } from '../../../address.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** A contract that has books. Price feeds have none. */
export interface KnownContract {
  readonly kind: 'token' | 'oracle' | 'collection' | 'sale' | 'pool';
  readonly address: Address;
}

/** Everything on a chain whose books continue, in the order in which it was added. */
export async function readKnownContracts(db: Queryable, chainId: number): Promise<KnownContract[]> {
  const rows = await readRows<{ readonly kind: KnownContract['kind']; readonly address: Buffer }>(
    db,
    'known_contracts',
    `SELECT kind, address FROM (
       SELECT number, 'token' AS kind, address FROM token
         WHERE chain_id = $1 AND archived_block IS NULL
       UNION ALL SELECT number, kind, address FROM contract
         WHERE chain_id = $1 AND archived_block IS NULL
     ) AS known ORDER BY number`,
    [chainId],
  );
  return rows.map(({ kind, address }) => ({ kind, address: addressFromBytes(address) }));
}

/** Ids of the chains that have live books, in ascending order. */
export async function readIndexedChains(db: Queryable): Promise<number[]> {
  const rows = await readRows<{ readonly chain_id: number }>(
    db,
    'indexed_chains',
    `SELECT DISTINCT chain_id FROM (
       SELECT chain_id FROM token UNION ALL SELECT chain_id FROM contract
     ) AS known WHERE chain_id > 0 ORDER BY chain_id`,
    [],
  );
  return rows.map(({ chain_id }) => chain_id);
}
