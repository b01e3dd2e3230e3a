import { addressFromBytes } from '../../../address.js';
import type { NewRevenueAsset } from '../../registry/revenueAssets.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** An ERC-20 that a token shares in addition to ETH (AltRevToken), with books of its own. */
export interface RevenueAsset extends NewRevenueAsset {
  /** Our number of its books; the rows of revenue in it begin with it. */
  readonly number: number;
}

/**
 * The assets of tokens (default: of all), in the order of their numbers. A number is given for
 * good: an asset whose acceptance a reorg has undone is still here, with empty books.
 */
export async function readRevenueAssets(
  db: Queryable,
  tokenNumbers: readonly number[] | null = null,
): Promise<RevenueAsset[]> {
  const rows = await readRows<{
    readonly number: number;
    readonly token_number: number;
    readonly asset: Buffer;
    readonly symbol: string | null;
    readonly decimals: number | null;
  }>(
    db,
    'revenue_assets',
    `SELECT number, token_number, asset, symbol, decimals FROM revenue_asset
     WHERE $1::integer[] IS NULL OR token_number = ANY($1) ORDER BY number`,
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
