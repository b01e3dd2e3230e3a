import type { PoolState, SnapshotPool } from '../../../ledger/state.js';
import { readByToken } from '../query/byToken.js';
import type { Queryable } from '../query/queryable.js';
import { readPoolVersions, type TokenAsOf } from './poolVersions.js';
import { UP_TO } from './snapshots.js';

interface SnapshotRow {
  readonly ordinal: number;
  readonly snapshot_id: number;
  readonly claimable_wei: string;
  readonly claimed_wei: string | null;
  readonly supply: string;
}

/**
 * Returns the ledger's state of each token at the end of its block, in the order of `tokens`.
 * `entitlementOf` computes with it.
 */
export async function readPools(db: Queryable, tokens: readonly TokenAsOf[]): Promise<PoolState[]> {
  const [versions, snapshots] = await Promise.all([
    readPoolVersions(db, tokens),
    readSnapshotPools(db, tokens),
  ]);
  return versions.map((version, index) => ({
    balanceWei: version.balanceWei,
    supply: version.supply,
    claimPoolWei: version.claimPoolWei,
    redeemPoolWei: version.redeemPoolWei,
    redeemedFromNewWei: version.redeemedFromNewWei,
    snapshots: snapshots[index] ?? [],
  }));
}

/**
 * Returns what each snapshot up to the block assigned, and what was claimed of it up to the block.
 * The query states the snapshot as a range and in ORDER BY, so that only the index by snapshot has
 * that order. With `=`, Postgres may walk back over all claims by id instead.
 */
async function readSnapshotPools(
  db: Queryable,
  tokens: readonly TokenAsOf[],
): Promise<SnapshotPool[][]> {
  const rows = await readByToken<SnapshotRow, TokenAsOf>(db, {
    name: 'snapshot_pools',
    isJoinable: true,
    keys: tokens,
    tokenOf: ({ tokenNumber }) => tokenNumber,
    columns: UP_TO,
    branch: (token, items) => `SELECT k.ordinal, s.snapshot_id, s.claimable_wei,
        c.snapshot_claimed_wei AS claimed_wei, s.supply
      FROM ${items}
      JOIN snapshot s ON s.token_number = ${token} AND s.block_number <= k.block_number
      LEFT JOIN LATERAL (
        SELECT snapshot_claimed_wei FROM claim
        WHERE token_number = ${token} AND id <= k.high
          AND snapshot_id >= s.snapshot_id AND snapshot_id <= s.snapshot_id
        ORDER BY snapshot_id DESC, id DESC LIMIT 1
      ) c ON true`,
    orderBy: 'ordinal, snapshot_id',
  });
  const pools: SnapshotPool[][] = tokens.map(() => []);
  for (const row of rows) {
    const ofToken = pools[row.ordinal];
    if (ofToken === undefined || row.snapshot_id !== ofToken.length + 1) {
      throw new Error(`snapshot ${row.snapshot_id} is not the next one in the books`);
    }
    ofToken.push({
      claimableWei: BigInt(row.claimable_wei),
      claimedWei: BigInt(row.claimed_wei ?? 0),
      supply: BigInt(row.supply),
    });
  }
  return pools;
}
