import { REVENUE_ASSET, type RevenueAssetRow } from '../../model/tables/revenueAsset.js';
import type { SqlClient } from '../database/sqlClient.js';
import { revenueAssetId } from '../ids.js';
import { ensurePartitions } from '../partitions/ensurePartitions.js';
import { nextNumber } from './contracts.js';
import { insertRow } from './insertRow.js';

/** An ERC-20 that a token shares in addition to ETH (AltRevToken), without a number yet. */
export type NewRevenueAsset = Omit<RevenueAssetRow, 'id' | 'number'>;

/** Returns the number of the asset's books, or assigns the next one. */
export async function reserveRevenueAsset(
  db: SqlClient,
  revenueAsset: NewRevenueAsset,
): Promise<number> {
  const { tokenNumber, asset } = revenueAsset;
  const id = revenueAssetId(tokenNumber, asset);
  const { rows: known } = await db.query<{ number: number }>(
    'SELECT number FROM revenue_asset WHERE token_number = $1 AND id = $2',
    [tokenNumber, id],
  );
  if (known[0] !== undefined) return known[0].number;
  const number = await nextNumber(db);
  await ensurePartitions(db, number);
  await insertRow<RevenueAssetRow>(db, REVENUE_ASSET, { ...revenueAsset, id, number });
  return number;
}
