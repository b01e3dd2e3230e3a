import { quotedColumns } from '../../../model/table.js';
import {
  decodeRevenueAsset,
  REVENUE_ASSET,
  type RevenueAssetColumns,
  type RevenueAssetRow,
} from '../../../model/tables/revenueAsset.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** An ERC-20 that a token shares in addition to ETH (AltRevToken), with books of its own. */
export type RevenueAsset = Omit<RevenueAssetRow, 'id'>;

/**
 * Returns the assets of tokens (default: of all), in the order of their numbers. Numbers are
 * permanent: an asset whose acceptance a reorg removed is still here, with empty books.
 */
export async function readRevenueAssets(
  db: Queryable,
  tokenNumbers: readonly number[] | null = null,
): Promise<RevenueAsset[]> {
  const rows = await readRows<RevenueAssetColumns>(
    db,
    'revenue_assets',
    `SELECT ${quotedColumns(REVENUE_ASSET).join(', ')} FROM revenue_asset
     WHERE $1::integer[] IS NULL OR token_number = ANY($1) ORDER BY number`,
    [tokenNumbers],
  );
  return rows.map((row) => {
    const { id: _, ...asset } = decodeRevenueAsset(row);
    return asset;
  });
}
