import { type Address, addressBytes } from '../../address.js';
import type { SqlClient } from '../database/sqlClient.js';

/** A contract with the name that the config gives it; `null`: none. */
export interface NamedContract {
  readonly address: Address;
  readonly label: string | null;
}

/** Gives contracts of a kind their names. No other row depends on them. */
export async function writeContractNames(
  db: SqlClient,
  key: number,
  kind: 'oracle' | 'collection' | 'sale' | 'pool',
  contracts: readonly NamedContract[],
): Promise<void> {
  if (contracts.length === 0) return;
  const values = [
    key,
    contracts.map(({ address }) => addressBytes(address)),
    contracts.map(({ label }) => label),
  ];
  const named = 'unnest($2::bytea[], $3::text[]) AS named(address, label)';
  await db.query(
    `UPDATE contract c SET label = named.label FROM ${named}
     WHERE c.chain_id = $1 AND c.kind = $4 AND c.address = named.address
       AND c.label IS DISTINCT FROM named.label`,
    [...values, kind],
  );
  const table = { sale: 'sale', pool: 'deposit_pool', oracle: null, collection: null }[kind];
  if (table === null) return;
  await db.query(
    `UPDATE ${table} s SET label = named.label FROM ${named}
     WHERE s.chain_id = $1 AND s.address = named.address AND s.label IS DISTINCT FROM named.label`,
    values,
  );
}
