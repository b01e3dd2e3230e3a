import { SALE, type SaleRow } from '../../model/tables/sale.js';
import type { SqlClient } from '../database/sqlClient.js';
import { tokenId } from '../ids.js';
import { insertContract } from './contracts.js';
import { insertRow } from './insertRow.js';

/** A sale that is about to be indexed for the first time. */
export type NewSale = Omit<SaleRow, 'id' | 'number' | 'chainId'>;

/** Adds a sale, to the contracts too, and returns its number. */
export async function insertSale(db: SqlClient, chainId: number, sale: NewSale): Promise<number> {
  const { address, label, startBlock } = sale;
  const number = await insertContract(db, chainId, { address, kind: 'sale', label, startBlock });
  await insertRow<SaleRow>(db, SALE, { ...sale, id: tokenId(chainId, address), number, chainId });
  return number;
}

/** What the raise asset of a sale says about its amounts. */
export type RaiseUnits = Pick<SaleRow, 'raiseSymbol' | 'raiseDecimals'>;

/** Completes sales that an older program added. @param units by the number of the sale */
export async function writeRaiseUnits(
  db: SqlClient,
  units: ReadonlyMap<number, RaiseUnits>,
): Promise<void> {
  for (const [number, { raiseSymbol, raiseDecimals }] of units) {
    await db.query('UPDATE sale SET raise_symbol = $2, raise_decimals = $3 WHERE number = $1', [
      number,
      raiseSymbol,
      raiseDecimals,
    ]);
  }
}
