import type { Address } from '../../../address.js';
import type { Entitlement } from '../../../ledger/entitlement.js';
import {
  type PoolEntitlement,
  type Shares,
  type ThroughEntitlement,
  throughPool,
} from '../../../ledger/pools/split.js';
import { type EntitlementKey, readEntitlements } from '../entitlements/entitlements.js';
import type { Queryable } from '../query/queryable.js';
import type { DepositPoolRecord } from './depositPools.js';
import {
  type DepositorAsOf,
  readAreDepositors,
  readSharesOverTime,
  type SharesOverTime,
} from './poolShares.js';

/** What an account is owed through one pool, or through pools one behind the other. */
export interface ThroughPath {
  /** The pool that holds the token first; the account is a depositor of the last. */
  readonly path: readonly DepositPoolRecord[];
  /** What the first pool is owed. */
  readonly pool: Entitlement;
  readonly entitlement: ThroughEntitlement;
}

/** The pools of a token that were deployed by a block. */
function poolsOf(all: readonly DepositPoolRecord[], { token, block }: EntitlementKey) {
  return all.filter(
    (pool) =>
      pool.chainId === token.chainId && pool.token === token.address && pool.startBlock <= block,
  );
}

/**
 * Returns what each account is owed through the pools in which it ever had shares, in the order of `keys` and
 * of the pools' numbers. Cost: the snapshots of the token, for each of these pools and those before it.
 *
 * @param pools all that are indexed
 */
export async function readThrough(
  db: Queryable,
  pools: readonly DepositPoolRecord[],
  keys: readonly EntitlementKey[],
): Promise<ThroughPath[][]> {
  const asked = keys.flatMap((key, index) =>
    poolsOf(pools, key).map((pool) => ({ index, key, pool, path: pathTo(pools, pool) })),
  );
  if (asked.length === 0) return keys.map(() => []);
  const are = await readAreDepositors(
    db,
    asked.map(({ key, pool }) => depositorIn(pool, key, key.account)),
  );
  const found = asked.filter((_, at) => are[at] === true);
  const levels = found.flatMap(({ key, path }) =>
    path.map((pool, at) => depositorIn(pool, key, path[at + 1]?.address ?? key.account)),
  );
  const [shares, entitlements] = await Promise.all([
    readSharesOverTime(db, levels),
    readEntitlements(
      db,
      found.map(({ key, path }) => ({ ...key, account: path[0]?.address ?? key.account })),
    ),
  ]);
  const results: ThroughPath[][] = keys.map(() => []);
  let level = 0;
  for (const [at, { index, path }] of found.entries()) {
    const pool = entitlements[at];
    if (pool === undefined) throw new RangeError(`the entitlement of pool ${at} was not read`);
    let owed: PoolEntitlement = pool;
    let entitlement: ThroughEntitlement | null = null;
    for (const _ of path) {
      const ofLevel = shares[level++];
      if (ofLevel === undefined) throw new RangeError(`the shares of level ${level} were not read`);
      entitlement = throughPool(owed, (id) => sharesAt(ofLevel, id), ofLevel.now);
      owed = entitlement;
    }
    if (entitlement !== null) results[index]?.push({ path, pool, entitlement });
  }
  return results;
}

/**
 * Shares at a snapshot; `null`: not known. The books of a pool have every snapshot from its first block on, so
 * that those before the first one that they have were taken before there was a pool.
 */
function sharesAt({ at }: SharesOverTime, snapshotId: number): Shares | null {
  const known = at.get(snapshotId);
  if (known !== undefined || at.size === 0) return known ?? null;
  return snapshotId < Math.min(...at.keys()) ? { shares: 0n, totalShares: 0n } : null;
}

/** The pools from the one that holds the token to this one. Config and chain allow no circle. */
export function pathTo(
  pools: readonly DepositPoolRecord[],
  pool: DepositPoolRecord,
): readonly DepositPoolRecord[] {
  if (pool.holds === pool.token) return [pool];
  const before = pools.find(
    ({ chainId, address }) => chainId === pool.chainId && address === pool.holds,
  );
  if (before === undefined) throw new RangeError(`pool ${pool.holds} is not indexed`);
  return [...pathTo(pools, before), pool];
}

function depositorIn(
  { number: poolNumber }: DepositPoolRecord,
  { block }: EntitlementKey,
  depositor: Address,
): DepositorAsOf {
  return { poolNumber, block, depositor };
}
