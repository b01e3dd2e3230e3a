import { type Address, addressBytes } from '../../../address.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** An address of a chain. */
export interface ChainAddress {
  readonly chainId: number;
  readonly address: Address;
}

/**
 * The name of an address in SQL: its label, else the label of its contract; NULL where it has none.
 *
 * @param chain an SQL expression for the chain id
 * @param address an SQL expression for the 20 bytes
 */
export function nameSql(chain: string, address: string): string {
  return `coalesce(
    (SELECT name FROM label WHERE label.chain_id = ${chain} AND label.address = ${address}),
    (SELECT label FROM contract WHERE contract.chain_id = ${chain} AND contract.address = ${address}))`;
}

/** The names of addresses, in the order of the addresses; `null` for one without a name. */
export async function readNames(
  db: Queryable,
  addresses: readonly ChainAddress[],
): Promise<(string | null)[]> {
  const rows = await readRows<{ readonly name: string | null }>(
    db,
    'address_names',
    `SELECT ${nameSql('asked.chain_id', 'asked.address')} AS name
     FROM unnest($1::bigint[], $2::bytea[]) WITH ORDINALITY AS asked(chain_id, address, place)
     ORDER BY place`,
    [
      addresses.map(({ chainId }) => chainId),
      addresses.map(({ address }) => addressBytes(address)),
    ],
  );
  return rows.map(({ name }) => name);
}

/** The addresses of a chain that have a name, in SQL. @param chain an SQL expression for the chain id */
export function namedSql(chain: string): string {
  return `SELECT address FROM label WHERE chain_id = ${chain}
    UNION SELECT address FROM contract WHERE chain_id = ${chain} AND label IS NOT NULL`;
}
