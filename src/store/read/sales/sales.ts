import { type Address, addressBytes } from '../../../address.js';
import type { SaleTerms } from '../../../ledger/sales/sale.js';
import { quotedColumns } from '../../../model/table.js';
import { decodeSale, SALE, type SaleColumns, type SaleRow } from '../../../model/tables/sale.js';
import { keySql } from '../../booksKey.js';
import { heldBlockSql } from '../chains/heldBlock.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** A sale that is indexed, with its fixed terms. */
export interface SaleRecord extends Omit<SaleRow, 'id' | 'target' | 'tokensForSale'> {
  readonly terms: SaleTerms;
  /** The block at whose end the books end, since the config no longer names it; `null`: they continue. */
  readonly archivedBlock: number | null;
  /** The newest block at whose end its books are right, since it is held; `null`: they continue. */
  readonly heldBlock: number | null;
}

interface ReadSale extends SaleColumns {
  readonly archived_block: number | null;
  readonly held_block: number | null;
}

/**
 * The indexed sales, in the order of first indexing: all live ones, those of a key of books (a chain),
 * or of an address.
 */
export async function readSales(
  db: Queryable,
  filter: { chainId?: number | null; address?: Address | null } = {},
): Promise<SaleRecord[]> {
  const rows = await readRows<ReadSale>(
    db,
    'sales',
    `SELECT ${quotedColumns(SALE).join(', ')},
       (SELECT k.archived_block FROM contract k WHERE k.number = sale.number) AS archived_block,
       ${heldBlockSql('sale')} AS held_block
     FROM sale
     WHERE (${keySql('chain_id', '$1')}) AND ($2::bytea IS NULL OR address = $2)
     ORDER BY number`,
    [filter.chainId ?? null, filter.address == null ? null : addressBytes(filter.address)],
  );
  return rows.map(decode);
}

function decode(row: ReadSale): SaleRecord {
  const { id: _, target, tokensForSale, ...sale } = decodeSale(row);
  const terms = target === null || tokensForSale === null ? null : { target, tokensForSale };
  return { ...sale, terms, archivedBlock: row.archived_block, heldBlock: row.held_block };
}
