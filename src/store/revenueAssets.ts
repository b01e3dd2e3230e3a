import { type Address, addressBytes, addressFromBytes } from '../address.js';
import { NEXT_NUMBER } from './contracts.js';
import type { SqlClient } from './sqlClient.js';

/** An ERC-20 that a token shares beside ETH (AltRevToken), with books of its own. */
export interface RevenueAsset extends NewRevenueAsset {
  /** Our number of its books; the rows of revenue in it begin with it. */
  readonly number: number;
}

export interface NewRevenueAsset {
  readonly tokenNumber: number;
  readonly asset: Address;
  readonly symbol: string | null;
  readonly decimals: number | null;
}

/**
 * The assets of some tokens, in the order of their numbers. A number is given for good: an
 * asset whose acceptance a reorg has undone is still here, with empty books.
 */
export async function readRevenueAssets(
  db: SqlClient,
  tokenNumbers: readonly number[],
): Promise<RevenueAsset[]> {
  const { rows } = await db.query<{
    number: number;
    token_number: number;
    asset: Buffer;
    symbol: string | null;
    decimals: number | null;
  }>(
    `SELECT number, token_number, asset, symbol, decimals FROM revenue_asset
     WHERE token_number = ANY($1) ORDER BY number`,
    [tokenNumbers],
  );
  return rows.map((row) => ({
    number: row.number,
    tokenNumber: row.token_number,
    asset: addressFromBytes(row.asset),
    symbol: row.symbol,
    decimals: row.decimals,
  }));
}

/** The number of the asset's books; a new one if it has none yet. */
export async function reserveRevenueAsset(
  db: SqlClient,
  { tokenNumber, asset, symbol, decimals }: NewRevenueAsset,
): Promise<number> {
  const { rows: known } = await db.query<{ number: number }>(
    'SELECT number FROM revenue_asset WHERE token_number = $1 AND asset = $2',
    [tokenNumber, addressBytes(asset)],
  );
  if (known[0] !== undefined) return known[0].number;
  const { rows } = await db.query<{ number: number }>(
    `INSERT INTO revenue_asset (number, token_number, asset, symbol, decimals)
     SELECT ${NEXT_NUMBER}, $1, $2, $3, $4 RETURNING number`,
    [tokenNumber, addressBytes(asset), symbol, decimals],
  );
  const number = rows[0]?.number;
  if (number === undefined) throw new Error('INSERT … RETURNING returned no row');
  return number;
}
