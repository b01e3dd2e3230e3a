import { type Address, addressFromBytes } from '../../../address.js';
import { type ProofType, proofTypeOf, type Recognition } from '../../../ledger/collection.js';
import { type BooksKey, keySql } from '../../booksKey.js';
import { heldBlockSql } from '../chains/heldBlock.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** The fixed properties of an indexed ERC-7007 collection. */
export interface CollectionRecord {
  /** Our number of the collection. Every row id starts with it. */
  readonly number: number;
  readonly chainId: number;
  readonly address: Address;
  readonly label: string | null;
  readonly name: string | null;
  readonly symbol: string | null;
  readonly startBlock: number;
  readonly isErc7007: boolean;
  readonly isEnumerable: boolean;
  readonly isUpdatable: boolean;
  readonly proofType: ProofType | null;
  readonly recognisedBy: Recognition | null;
  /** The block at whose end the books end, since the config no longer names it; `null`: they continue. */
  readonly archivedBlock: number | null;
  /** The newest block at whose end its books are right, since it is held; `null`: they continue. */
  readonly heldBlock: number | null;
}

interface Row {
  readonly number: number;
  readonly chain_id: number;
  readonly address: Buffer;
  readonly label: string | null;
  readonly name: string | null;
  readonly symbol: string | null;
  readonly start_block: number;
  readonly is_erc7007: boolean;
  readonly is_enumerable: boolean;
  readonly is_updatable: boolean;
  readonly recognised_by: Recognition | null;
  readonly archived_block: number | null;
  readonly held_block: number | null;
}

/**
 * What shows that a collection has contents and updates: its interface ids, its code, or its logs.
 */
const RECOGNISED_BY = `COALESCE(f.recognised_by, CASE WHEN EXISTS (
  SELECT FROM aigc_data d WHERE d.collection_number = c.number) THEN 'behaviour' END)`;
const IS_UPDATABLE = `f.is_updatable OR (f.recognised_by IS DISTINCT FROM 'interface' AND EXISTS (
  SELECT FROM aigc_data d WHERE d.collection_number = c.number AND d.event = 'Update'))`;

/** The indexed collections of a key of books, or all live ones, in the order of first indexing. */
export async function readCollections(
  db: Queryable,
  key: BooksKey | null = null,
): Promise<CollectionRecord[]> {
  const rows = await readRows<Row>(
    db,
    'collections',
    `SELECT c.number, c.chain_id, c.address, c.label, c.start_block, c.archived_block, f.name, f.symbol,
       ${heldBlockSql('c')} AS held_block,
       f.is_erc7007, f.is_enumerable, ${IS_UPDATABLE} AS is_updatable,
       ${RECOGNISED_BY} AS recognised_by
     FROM contract c JOIN collection f ON f.number = c.number
     WHERE ${keySql('c.chain_id', '$1')} ORDER BY c.number`,
    [key],
  );
  return rows.map((row) => ({
    number: row.number,
    chainId: row.chain_id,
    address: addressFromBytes(row.address),
    label: row.label,
    name: row.name,
    symbol: row.symbol,
    startBlock: row.start_block,
    isErc7007: row.is_erc7007,
    isEnumerable: row.is_enumerable,
    isUpdatable: row.is_updatable,
    proofType: proofTypeOf(row.is_erc7007, row.is_updatable),
    recognisedBy: row.recognised_by,
    archivedBlock: row.archived_block,
    heldBlock: row.held_block,
  }));
}
