import { type Address, addressBytes } from '../../../address.js';
import type { SaleTerms } from '../../../ledger/sales/sale.js';
import { quotedColumns } from '../../../model/table.js';
import { decodeSale, SALE, type SaleColumns, type SaleRow } from '../../../model/tables/sale.js';
import { keySql } from '../../booksKey.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** A sale that is indexed, with its fixed terms. */
export interface SaleRecord extends Omit<SaleRow, 'id' | 'target' | 'tokensForSale'> {
  readonly terms: SaleTerms;
}

/**
 * The indexed sales, in the order of first indexing: all live ones, those of a key of books (a chain),
 * or of an address.
 */
export async function readSales(
  db: Queryable,
  filter: { chainId?: number | null; address?: Address | null } = {},
): Promise<SaleRecord[]> {
  const rows = await readRows<SaleColumns>(
    db,
    'sales',
    `SELECT ${quotedColumns(SALE).join(', ')}
     FROM sale
     WHERE (${keySql('chain_id', '$1')}) AND ($2::bytea IS NULL OR address = $2)
     ORDER BY number`,
    [filter.chainId ?? null, filter.address == null ? null : addressBytes(filter.address)],
  );
  return rows.map(decode);
}

function decode(row: SaleColumns): SaleRecord {
  const { id: _, target, tokensForSale, ...sale } = decodeSale(row);
  const terms = target === null || tokensForSale === null ? null : { target, tokensForSale };
  return { ...sale, terms };
}
