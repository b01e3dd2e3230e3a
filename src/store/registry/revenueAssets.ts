import { type Address, addressBytes } from '../../address.js';
import type { SqlClient } from '../database/sqlClient.js';
import { revenueAssetId } from '../ids.js';
import { nextNumber } from './contracts.js';

/** An ERC-20 that a token shares in addition to ETH (AltRevToken), before it has a number. */
export interface NewRevenueAsset {
  readonly tokenNumber: number;
  readonly asset: Address;
  readonly symbol: string | null;
  readonly decimals: number | null;
}

/** The number of the asset's books; a new one if it has none yet. */
export async function reserveRevenueAsset(
  db: SqlClient,
  { tokenNumber, asset, symbol, decimals }: NewRevenueAsset,
): Promise<number> {
  const id = revenueAssetId(tokenNumber, asset);
  const { rows: known } = await db.query<{ number: number }>(
    'SELECT number FROM revenue_asset WHERE token_number = $1 AND id = $2',
    [tokenNumber, id],
  );
  if (known[0] !== undefined) return known[0].number;
  const number = await nextNumber(db);
  await db.query(
    `INSERT INTO revenue_asset (id, number, token_number, asset, symbol, decimals)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [id, number, tokenNumber, addressBytes(asset), symbol, decimals],
  );
  return number;
}
