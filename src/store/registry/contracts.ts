import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import { quotedColumns } from '../../model/table.js';
import {
  CONTRACT,
  type ContractColumns,
  type ContractRow,
  decodeContract,
} from '../../model/tables/contract.js';
import type { SqlClient } from '../database/sqlClient.js';
import { LAST_NUMBER, tokenId } from '../ids.js';
import { ensurePartitions } from '../partitions/ensurePartitions.js';
import { insertRow } from './insertRow.js';

export type OtherContractKind = 'oracle' | 'collection' | 'sale' | 'pool';

/** A contract, other than a token, that is being indexed. */
export interface IndexedContract {
  /** Our number of it. Its row ids start with it. */
  readonly number: number;
  readonly address: Address;
  readonly kind: OtherContractKind;
  readonly label: string | null;
  readonly startBlock: number;
}

/**
 * Returns the next free number of tokens, contracts, books in an asset and price feeds, beyond those
 * of books that are being deleted. Call it
 * only while nobody else assigns numbers (`exclusively` of the processor's connections).
 *
 * @throws ImoError `NUMBERS_USED_UP`
 */
export async function nextNumber(db: SqlClient): Promise<number> {
  const { rows } = await db.query<{ number: number }>(
    `SELECT coalesce(max(number), 0)::bigint + 1 AS number
     FROM (SELECT number FROM token UNION ALL SELECT number FROM contract
       UNION ALL SELECT number FROM revenue_asset
       UNION ALL SELECT number FROM price_feed
       UNION ALL SELECT number FROM leaving_books
       UNION ALL SELECT last_number FROM detached_token) AS numbered`,
  );
  const number = rows[0]?.number ?? 1;
  if (number <= LAST_NUMBER) return number;
  throw new ImoError(
    'NUMBERS_USED_UP',
    `the database has assigned number ${LAST_NUMBER}, the last one for tokens, contracts, assets and feeds`,
    'Index further contracts into another database.',
  );
}

/** The contracts of a kind on a chain whose books continue, in the order of their numbers. */
export async function readContracts(
  db: SqlClient,
  chainId: number,
  kind: OtherContractKind,
): Promise<IndexedContract[]> {
  const { rows } = await db.query<ContractColumns>(
    `SELECT ${quotedColumns(CONTRACT).join(', ')} FROM contract
     WHERE chain_id = $1 AND kind = $2 AND archived_block IS NULL ORDER BY number`,
    [chainId, kind],
  );
  return rows.map((row) => {
    const { number, address, label, startBlock } = decodeContract(row);
    return { number, address, kind, label, startBlock };
  });
}

/** What they hold has a journal: rows of the partitioned tables. */
const WITH_JOURNAL: readonly OtherContractKind[] = ['sale', 'oracle'];

/** Adds a contract and returns its number. */
export async function insertContract(
  db: SqlClient,
  chainId: number,
  contract: Omit<IndexedContract, 'number'>,
): Promise<number> {
  const number = await nextNumber(db);
  if (WITH_JOURNAL.includes(contract.kind)) await ensurePartitions(db, number);
  const id = tokenId(chainId, contract.address);
  await insertRow<ContractRow>(db, CONTRACT, {
    ...contract,
    id,
    number,
    chainId,
    archivedBlock: null,
  });
  return number;
}
