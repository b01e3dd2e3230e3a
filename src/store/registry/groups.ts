import { type Address, addressBytes, addressFromBytes } from '../../address.js';
import type { BooksKey } from '../booksKey.js';
import type { SqlClient } from '../database/sqlClient.js';

/** Contracts of a chain that a process of its own indexes. */
export interface ContractGroup {
  readonly key: BooksKey;
  readonly name: string;
  /** In ascending order. */
  readonly contracts: readonly Address[];
}

/** The groups of a chain in the order of the config; none: one process indexes the chain. */
export async function readGroups(db: SqlClient, chainId: number): Promise<ContractGroup[]> {
  const { rows } = await db.query<{ key: string; name: string; contracts: Buffer[] }>(
    'SELECT key, name, contracts FROM chain_group WHERE chain_id = $1 ORDER BY key DESC',
    [chainId],
  );
  return rows.map(({ key, name, contracts }) => ({
    key: Number(key),
    name,
    contracts: contracts.map(addressFromBytes),
  }));
}

export async function insertGroup(
  db: SqlClient,
  chainId: number,
  { key, name, contracts }: ContractGroup,
): Promise<void> {
  await db.query(
    'INSERT INTO chain_group (key, chain_id, name, contracts) VALUES ($1, $2, $3, $4)',
    [key, chainId, name, contracts.map(addressBytes)],
  );
}
