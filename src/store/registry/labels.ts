import { type Address, addressBytes } from '../../address.js';
import type { SqlClient } from '../database/sqlClient.js';

/** A name that the config gives an address. */
export interface Label {
  readonly address: Address;
  readonly name: string;
}

/** Makes the labels of a chain's books those, and no others. */
export async function writeLabels(
  db: SqlClient,
  key: number,
  labels: readonly Label[],
): Promise<void> {
  const addresses = labels.map(({ address }) => addressBytes(address));
  await db.query('DELETE FROM label WHERE chain_id = $1 AND NOT address = ANY($2::bytea[])', [
    key,
    addresses,
  ]);
  await db.query(
    `INSERT INTO label (chain_id, address, name)
     SELECT $1, * FROM unnest($2::bytea[], $3::text[])
     ON CONFLICT (chain_id, address) DO UPDATE SET name = EXCLUDED.name
       WHERE label.name <> EXCLUDED.name`,
    [key, addresses, labels.map(({ name }) => name)],
  );
}

/** Gives addresses that are labelled already other names. Which addresses are labelled stays. */
export async function renameLabels(
  db: SqlClient,
  key: number,
  labels: readonly Label[],
): Promise<void> {
  await db.query(
    `UPDATE label SET name = named.name FROM unnest($2::bytea[], $3::text[]) AS named(address, name)
     WHERE label.chain_id = $1 AND label.address = named.address AND label.name <> named.name`,
    [key, labels.map(({ address }) => addressBytes(address)), labels.map(({ name }) => name)],
  );
}
