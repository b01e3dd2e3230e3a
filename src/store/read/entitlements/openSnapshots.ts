import { isOpen } from '../../../ledger/apply.js';
import {
  lastSnapshotId,
  type PoolState,
  type RevenueTerms,
  type SnapshotPool,
} from '../../../ledger/state.js';
import { rulesAt } from '../../../ledger/terms.js';
import type { AsOf } from '../chains/asOf.js';
import type { Queryable } from '../query/queryable.js';
import { readPools } from '../tokens/pools.js';
import { readLastSnapshots } from '../tokens/snapshots.js';
import type { TokenRecord } from '../tokens/tokens.js';

/** The snapshots of a token that holders can claim: from `firstId` to the one taken in `block`. */
export interface OpenSnapshots {
  readonly chainId: number;
  readonly tokenNumber: number;
  readonly firstId: number;
  readonly lastId: number;
  /** Block of snapshot `lastId`. */
  readonly block: number;
  /** Of each of these snapshots. */
  readonly pools: readonly SnapshotPool[];
}

/** @returns `null` if no snapshot can be claimed at the end of the block */
export async function readOpenSnapshots(
  db: Queryable,
  token: TokenRecord,
  asOf: AsOf,
): Promise<OpenSnapshots | null> {
  const moment = { tokenNumber: token.number, block: asOf.block };
  const [[state], [last]] = await Promise.all([
    readPools(db, [moment]),
    readLastSnapshots(db, [moment]),
  ]);
  if (state === undefined || last == null) return null;
  const { snapshotId: lastId, block } = last;
  const firstId = openSnapshotIds(rulesAt(token.rules, asOf.block).terms, state).at(-1);
  if (firstId === undefined) return null;
  const { chainId, number: tokenNumber } = token;
  const pools = state.snapshots.slice(firstId - 1, lastId);
  return { chainId, tokenNumber, firstId, lastId, block, pools };
}

/** Ids of the claimable snapshots, newest first. */
function openSnapshotIds(terms: RevenueTerms, state: PoolState): number[] {
  const lastId = lastSnapshotId(state);
  const ids: number[] = [];
  for (let id = lastId; isOpen(terms, id, lastId); id--) ids.push(id);
  return ids;
}
