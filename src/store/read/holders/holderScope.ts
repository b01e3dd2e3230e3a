import type { AsOf } from '../chains/asOf.js';
import type { Queryable } from '../query/queryable.js';
import { Parameters, readComposedRows } from '../query/statement.js';
import { assertStillNewest, type CursorColumns, cachedCursor } from './holderCache.js';

/** Minimum (maximum) balance of a holder. */
export interface HolderFilter {
  readonly minBalance?: bigint | null;
  readonly maxBalance?: bigint | null;
  readonly minClaimedWei?: bigint | null;
  readonly minRedeemedWei?: bigint | null;
  /** The cache of newest states does not know it. */
  readonly minClaimableWei?: bigint | null;
}

/** Some holders of one token, at the newest indexed block. */
export interface HolderScope {
  readonly tokenNumber: number;
  readonly asOf: AsOf;
  readonly filter: HolderFilter;
  /** More conditions on the rows of the cache. */
  readonly where?: (parameters: Parameters) => readonly string[];
}

/** Whether the scope has no conditions on the holders but their position in the list. */
export function isWholeList({ filter, where }: HolderScope): boolean {
  return where == null && Object.values(filter).every((bound) => bound == null);
}

/** SQL of what the cache's rows of the token in the scope fulfil. */
export function scopeCondition(
  { filter, where }: Pick<HolderScope, 'filter' | 'where'>,
  parameters: Parameters,
): string {
  const conditions = [...filterConditions(filter, parameters), ...(where?.(parameters) ?? [])];
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

/** SQL conditions on the figures of holders. */
export function filterConditions(
  { minBalance, maxBalance, minClaimedWei, minRedeemedWei, minClaimableWei }: HolderFilter,
  parameters: Parameters,
): string[] {
  const conditions: string[] = [];
  if (minBalance != null) conditions.push(`balance >= ${parameters.add(minBalance)}::numeric`);
  if (maxBalance != null) conditions.push(`balance <= ${parameters.add(maxBalance)}::numeric`);
  if (minClaimedWei != null) {
    conditions.push(`claimed_wei >= ${parameters.add(minClaimedWei)}::numeric`);
  }
  if (minRedeemedWei != null) {
    conditions.push(`redeemed_wei >= ${parameters.add(minRedeemedWei)}::numeric`);
  }
  if (minClaimableWei != null) {
    conditions.push(`claimable_wei >= ${parameters.add(minClaimableWei)}::numeric`);
  }
  return conditions;
}

/**
 * Counts the holders of the token that pass the filter, at the newest indexed block.
 *
 * @throws StaleMomentError if `asOf` is no longer that block
 */
export async function countHolders(db: Queryable, scope: HolderScope): Promise<number> {
  const parameters = new Parameters();
  const chain = parameters.add(scope.asOf.chainId);
  const token = `${parameters.add(scope.tokenNumber)}::integer`;
  const condition = scopeCondition(scope, parameters);
  const [row] = await readComposedRows<CursorColumns & { readonly count: string }>(
    db,
    'holder_count',
    `SELECT c.height, c.hash,
       (SELECT count(*) FROM holder WHERE token_number = ${token} AND ${condition}) AS count
     FROM ${await cachedCursor(db)} c WHERE c.chain_id = ${chain}`,
    parameters,
  );
  assertStillNewest(row, scope.asOf);
  return Number(row?.count ?? 0);
}
