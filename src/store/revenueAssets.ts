import { type Address, addressBytes } from '../address.js';
import { NEXT_NUMBER } from './contracts.js';
import { revenueAssetId } from './ids.js';
import type { SqlClient } from './sqlClient.js';

/** An ERC-20 that a token shares beside ETH (AltRevToken), before it has a number. */
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
    'SELECT number FROM revenue_asset WHERE id = $1',
    [id],
  );
  if (known[0] !== undefined) return known[0].number;
  const { rows } = await db.query<{ number: number }>(
    `INSERT INTO revenue_asset (id, number, token_number, asset, symbol, decimals)
     SELECT $1, ${NEXT_NUMBER}, $2, $3, $4, $5 RETURNING number`,
    [id, tokenNumber, addressBytes(asset), symbol, decimals],
  );
  const number = rows[0]?.number;
  if (number === undefined) throw new Error('INSERT … RETURNING returned no row');
  return number;
}
