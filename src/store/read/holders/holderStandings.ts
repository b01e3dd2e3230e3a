import { addressFromBytes } from '../../../address.js';
import { isOpen } from '../../../ledger/apply.js';
import { type BalanceCheckpoint, snapshotShareWei } from '../../../ledger/entitlement.js';
import { lastSnapshotId, type PoolState, type RevenueTerms } from '../../../ledger/state.js';
import { rulesAt } from '../../../ledger/terms.js';
import { lastOperationId } from '../../ids.js';
import type { AsOf } from '../chains/asOf.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { readPools } from '../tokens/pools.js';
import {
  accountName,
  type SnapshotBalances,
  type SnapshotSpan,
} from '../tokens/snapshotBalances.js';
import { readLastSnapshots } from '../tokens/snapshots.js';
import type { TokenRecord } from '../tokens/tokens.js';
import { readHoldersAsOf, readNewestHolders } from './everyHolder.js';
import { unlessStale } from './holderCache.js';
import type { HolderStanding } from './holderPage.js';

/** A holder's state at the end of a block, with what it can claim then. */
export interface HolderStandingAsOf extends HolderStanding {
  readonly claimableWei: bigint;
}

/**
 * Returns every holder of a token at the end of a block, in no particular order. Lists by claimable
 * revenue and lists as of an earlier block are made of them.
 *
 * Claimable revenue is a sum of floor divisions with different balances and snapshots for each
 * holder. So no index can hold its order, and a stored figure would have to be rewritten for all
 * holders at each snapshot. Instead, the relevant balances of all holders are read together and the
 * ledger's own formulas are applied: exact, and a fraction of a second for 20,000 holders.
 *
 * @param balancesOf reads the balances of open snapshots (`readSnapshotBalances`) or returns cached
 * ones: they are most of the work
 */
export async function readHolderStandings(
  db: Queryable,
  token: TokenRecord,
  asOf: AsOf,
  balancesOf: (span: SnapshotSpan) => Promise<SnapshotBalances>,
): Promise<HolderStandingAsOf[]> {
  const tokenAsOf = { tokenNumber: token.number, block: asOf.block };
  const [[state], [last]] = await Promise.all([
    readPools(db, [tokenAsOf]),
    readLastSnapshots(db, [tokenAsOf]),
  ]);
  if (state === undefined) throw new RangeError(`no pools of token ${token.number}`);
  const openIds = openSnapshotIds(rulesAt(token.rules, asOf.block).terms, state);
  const firstId = openIds.at(-1) ?? 0;
  const [holders, balances, claims] = await Promise.all([
    readHolders(db, token.number, asOf),
    last == null
      ? new Map<string, BalanceCheckpoint[]>()
      : balancesOf({
          tokenNumber: token.number,
          firstId,
          lastId: last.snapshotId,
          block: last.block,
        }),
    readOpenClaims(db, token.number, asOf.block, firstId),
  ]);
  return holders.map((holder) => {
    const name = accountName(holder.account);
    return {
      account: addressFromBytes(holder.account),
      balance: BigInt(holder.balance),
      claimedWei: BigInt(holder.claimed_wei),
      redeemedWei: BigInt(holder.redeemed_wei),
      claimableWei: claimableWei(state, openIds, balances.get(name) ?? [], claims.get(name)),
    };
  });
}

async function readHolders(db: Queryable, tokenNumber: number, asOf: AsOf) {
  const newest = asOf.isNewest ? await unlessStale(readNewestHolders(db, tokenNumber, asOf)) : null;
  return newest ?? readHoldersAsOf(db, tokenNumber, asOf.block);
}

/** Ids of the claimable snapshots, newest first. */
export function openSnapshotIds(terms: RevenueTerms, state: PoolState): number[] {
  const lastId = lastSnapshotId(state);
  const ids: number[] = [];
  for (let id = lastId; isOpen(terms, id, lastId); id--) ids.push(id);
  return ids;
}

/** Computes only `Entitlement.totalClaimableWei`. Ids and checkpoints come newest first. */
function claimableWei(
  state: PoolState,
  openIds: readonly number[],
  checkpoints: readonly BalanceCheckpoint[],
  claimedIds: ReadonlySet<number> | undefined,
): bigint {
  let sumWei = 0n;
  let next = 0;
  for (const id of openIds) {
    while ((checkpoints[next]?.interval ?? -1) >= id) next++;
    const pool = state.snapshots[id - 1];
    if (pool === undefined || claimedIds?.has(id)) continue;
    sumWei += snapshotShareWei(pool, checkpoints[next]?.balance ?? 0n);
  }
  return sumWei;
}

/** The snapshots from `firstId` on that each account has claimed. */
async function readOpenClaims(
  db: Queryable,
  tokenNumber: number,
  block: number,
  firstId: number,
): Promise<Map<string, Set<number>>> {
  const rows = await readRows<{ readonly holder: Buffer; readonly snapshot_ids: number[] }>(
    db,
    'open_claims',
    `SELECT holder, array_agg(snapshot_id) AS snapshot_ids FROM claim
     WHERE token_number = $1 AND snapshot_id >= $2 AND id <= $3 GROUP BY holder`,
    [tokenNumber, firstId, lastOperationId(tokenNumber, block)],
  );
  return new Map(rows.map((row) => [accountName(row.holder), new Set(row.snapshot_ids)]));
}
