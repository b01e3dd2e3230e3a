import { type Address, addressFromBytes } from '../../../address.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** What the registry and the config know an address as. */
export interface NamedThing {
  readonly kind: 'token' | 'oracle' | 'collection' | 'sale' | 'pool' | 'asset' | 'label';
  readonly chainId: number;
  readonly address: Address;
  /** name() of the contract. */
  readonly name: string | null;
  /** symbol() of the contract. */
  readonly symbol: string | null;
  /** What the config calls it. */
  readonly label: string | null;
}

/** Everything that has a name, by chain and address; what is most telling about an address comes first. */
export async function readNamedThings(db: Queryable): Promise<NamedThing[]> {
  const rows = await readRows<
    Omit<NamedThing, 'chainId' | 'address'> & {
      readonly chain_id: number;
      readonly address: Buffer;
    }
  >(
    db,
    'named_things',
    `SELECT * FROM (
       SELECT 1 AS rank, 'token' AS kind, chain_id, address, name, symbol, NULL AS label FROM token
       UNION ALL
       SELECT 2, c.kind, c.chain_id, c.address, k.name, k.symbol, c.label
       FROM contract c LEFT JOIN collection k ON k.number = c.number
       UNION ALL
       SELECT DISTINCT 3, 'asset', t.chain_id, a.asset, NULL, a.symbol, NULL
       FROM revenue_asset a JOIN token t ON t.number = a.token_number
       UNION ALL
       SELECT DISTINCT 3, 'asset', chain_id, raise_asset, NULL, raise_symbol, NULL
       FROM sale WHERE raise_asset IS NOT NULL
       UNION ALL
       SELECT 4, 'label', chain_id, address, NULL, NULL, name FROM label
     ) named WHERE chain_id > 0 ORDER BY chain_id, address, rank`,
    [],
  );
  return rows.map(({ kind, chain_id: chainId, address, name, symbol, label }) => {
    return { kind, chainId, address: addressFromBytes(address), name, symbol, label };
  });
}
