import { type Address, addressBytes, addressFromBytes } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { SqlClient } from '../database/sqlClient.js';
import { LAST_NUMBER, tokenId } from '../ids.js';

export type OtherContractKind = 'oracle' | 'collection' | 'sale';

/** A contract, other than a token, that is being indexed. */
export interface IndexedContract {
  /** Our number of it; its row ids begin with it. */
  readonly number: number;
  readonly address: Address;
  readonly kind: OtherContractKind;
  readonly label: string | null;
  readonly startBlock: number;
}

/**
 * The next free number of tokens, contracts, books in an asset and price feeds. To be called
 * while nobody else gives out numbers (`exclusively` of the processor's connections).
 *
 * @throws ImoError `NUMBERS_USED_UP`
 */
export async function nextNumber(db: SqlClient): Promise<number> {
  const { rows } = await db.query<{ number: number }>(
    `SELECT coalesce(max(number), 0)::bigint + 1 AS number
     FROM (SELECT number FROM token UNION ALL SELECT number FROM contract
       UNION ALL SELECT number FROM revenue_asset
       UNION ALL SELECT number FROM price_feed) AS numbered`,
  );
  const number = rows[0]?.number ?? 1;
  if (number <= LAST_NUMBER) return number;
  throw new ImoError(
    'NUMBERS_USED_UP',
    `the database has given out number ${LAST_NUMBER}, the last one for tokens, contracts, assets and feeds`,
    'Index further contracts into another database.',
  );
}

/** The contracts of a kind on a chain, in the order of their numbers. */
export async function readContracts(
  db: SqlClient,
  chainId: number,
  kind: OtherContractKind,
): Promise<IndexedContract[]> {
  const { rows } = await db.query<{
    number: number;
    address: Buffer;
    label: string | null;
    start_block: number;
  }>(
    `SELECT number, address, label, start_block FROM contract
     WHERE chain_id = $1 AND kind = $2 ORDER BY number`,
    [chainId, kind],
  );
  return rows.map((row) => ({
    number: row.number,
    address: addressFromBytes(row.address),
    kind,
    label: row.label,
    startBlock: row.start_block,
  }));
}

/** Adds a contract and returns its number. */
export async function insertContract(
  db: SqlClient,
  chainId: number,
  contract: Omit<IndexedContract, 'number'>,
): Promise<number> {
  const number = await nextNumber(db);
  await db.query(
    `INSERT INTO contract (id, number, chain_id, address, kind, label, start_block)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      tokenId(chainId, contract.address),
      number,
      chainId,
      addressBytes(contract.address),
      contract.kind,
      contract.label,
      contract.startBlock,
    ],
  );
  return number;
}
