import type { PoolState, SnapshotPool } from '../../../ledger/state.js';
import { lastOperationId } from '../../ids.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { readPoolVersions } from '../tokens/poolVersions.js';

/**
 * Returns the ledger's state of some books at the end of each of some blocks, which ascend. States between which
 * no snapshot was taken and nothing was claimed share their list of snapshots.
 */
export async function readPoolSeries(
  db: Queryable,
  bookNumber: number,
  blocks: readonly number[],
): Promise<PoolState[]> {
  const [versions, changes] = await Promise.all([
    readPoolVersions(
      db,
      blocks.map((block) => ({ tokenNumber: bookNumber, block })),
    ),
    readSnapshotChanges(db, bookNumber, blocks),
  ]);
  let snapshots: readonly SnapshotPool[] = [];
  let next = 0;
  return versions.map((version, place) => {
    const first = next;
    while ((changes[next]?.place ?? place + 1) <= place) next++;
    if (next > first) snapshots = changed(snapshots, changes.slice(first, next));
    const { balanceWei, supply, claimPoolWei, redeemPoolWei, redeemedFromNewWei } = version;
    return { balanceWei, supply, claimPoolWei, redeemPoolWei, redeemedFromNewWei, snapshots };
  });
}

/** A snapshot as it was from a place among the blocks on. */
interface SnapshotChange {
  readonly place: number;
  readonly snapshotId: number;
  readonly pool: SnapshotPool;
}

function changed(
  before: readonly SnapshotPool[],
  changes: readonly SnapshotChange[],
): SnapshotPool[] {
  const after = [...before];
  for (const { snapshotId, pool } of changes) {
    if (snapshotId > after.length + 1) {
      throw new Error(`snapshot ${snapshotId} is not the next one in the books`);
    }
    after[snapshotId - 1] = pool;
  }
  return after;
}

/**
 * When snapshots were taken, and what was claimed of each at the end of each block up to which something was. From
 * each of these blocks a probe finds the next claim, and so the next block: two probes for each block with
 * claims, however many claims there are. The reason for the ranges of `snapshot_id` is in `readPools`.
 */
async function readSnapshotChanges(
  db: Queryable,
  bookNumber: number,
  blocks: readonly number[],
): Promise<SnapshotChange[]> {
  const claims = (after: string) => `FROM claim c WHERE c.token_number = $1
    AND c.snapshot_id >= s.snapshot_id AND c.snapshot_id <= s.snapshot_id AND ${after}`;
  const next = (after: string) =>
    `(SELECT width_bucket(c.block_number, $2::bigint[]) AS place ${claims(`c.id > ${after} AND c.id <= $4`)}
      ORDER BY c.snapshot_id, c.id LIMIT 1)`;
  const rows = await readRows<{
    readonly place: number;
    readonly snapshot_id: number;
    readonly claimable_wei: string;
    readonly claimed_wei: string;
    readonly supply: string;
  }>(
    db,
    'series_snapshots',
    `WITH RECURSIVE s AS MATERIALIZED (
       SELECT snapshot_id, claimable_wei, supply, width_bucket(block_number, $2::bigint[]) AS place
       FROM snapshot WHERE token_number = $1 AND block_number <= $5
     ), step AS (
       SELECT s.snapshot_id, n.place FROM s CROSS JOIN LATERAL ${next(`''`)} n
       UNION ALL
       SELECT s.snapshot_id, n.place FROM step s
       CROSS JOIN LATERAL ${next('($3::text[])[s.place + 1]')} n
     )
     SELECT s.place, s.snapshot_id, s.claimable_wei, 0 AS claimed_wei, s.supply FROM s
     UNION ALL
     SELECT step.place, s.snapshot_id, s.claimable_wei, l.claimed_wei, s.supply
     FROM step JOIN s USING (snapshot_id)
     CROSS JOIN LATERAL (
       SELECT c.snapshot_claimed_wei AS claimed_wei ${claims('c.id <= ($3::text[])[step.place + 1]')}
       ORDER BY c.snapshot_id DESC, c.id DESC LIMIT 1
     ) l
     ORDER BY place, snapshot_id, claimed_wei`,
    [
      bookNumber,
      blocks.map((block) => block + 1),
      blocks.map((block) => lastOperationId(bookNumber, block)),
      lastOperationId(bookNumber, blocks.at(-1) ?? -1),
      blocks.at(-1) ?? -1,
    ],
  );
  return rows.map(({ place, snapshot_id, claimable_wei, claimed_wei, supply }) => ({
    place,
    snapshotId: snapshot_id,
    pool: {
      claimableWei: BigInt(claimable_wei),
      claimedWei: BigInt(claimed_wei),
      supply: BigInt(supply),
    },
  }));
}
