import type { PoolState } from '../ledger/state.js';
import { EMPTY_POOLS } from '../ledger/state.js';
import type { Queryable } from './queryable.js';

/** A token's pools and totals at the newest indexed block. */
export interface NewestBooks {
  readonly pools: PoolState;
  readonly receivedWei: bigint;
  readonly claimedWei: bigint;
  readonly redeemedWei: bigint;
  /** No row of the token exists yet. */
  readonly empty: boolean;
}

/** Reads what the processor needs to go on from the last commit. */
export async function readNewestBooks(db: Queryable, tokenNumber: number): Promise<NewestBooks> {
  const { rows } = await db.query<Record<string, string>>(
    `SELECT balance_wei, supply, claim_pool_wei, redeem_pool_wei, redeemed_from_new_wei,
       received_wei, claimed_wei, redeemed_wei
     FROM pool_version WHERE token_number = $1 ORDER BY id DESC LIMIT 1`,
    [tokenNumber],
  );
  const row = rows[0];
  const wei = (column: string) => BigInt(row?.[column] ?? 0);
  const snapshots = await db.query<{ claimable_wei: string; supply: string; claimed: string }>(
    `SELECT claimable_wei, supply, coalesce((
         SELECT snapshot_claimed_wei FROM claim
         WHERE claim.token_number = snapshot.token_number
           AND claim.snapshot_id = snapshot.snapshot_id
         ORDER BY claim.id DESC LIMIT 1), 0) AS claimed
     FROM snapshot WHERE token_number = $1 ORDER BY snapshot_id`,
    [tokenNumber],
  );
  return {
    pools: {
      ...EMPTY_POOLS,
      balanceWei: wei('balance_wei'),
      supply: wei('supply'),
      claimPoolWei: wei('claim_pool_wei'),
      redeemPoolWei: wei('redeem_pool_wei'),
      redeemedFromNewWei: wei('redeemed_from_new_wei'),
      snapshots: snapshots.rows.map((snapshot) => ({
        claimableWei: BigInt(snapshot.claimable_wei),
        claimedWei: BigInt(snapshot.claimed),
        supply: BigInt(snapshot.supply),
      })),
    },
    receivedWei: wei('received_wei'),
    claimedWei: wei('claimed_wei'),
    redeemedWei: wei('redeemed_wei'),
    empty: row === undefined,
  };
}
