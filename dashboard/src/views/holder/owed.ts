import type { HolderPlanQuery, HolderPositionsQuery } from '../../ledger/generated/documents.js';
import type { Unit } from '../../parts/unit.js';

export type Position = NonNullable<HolderPositionsQuery['holder']>['positions'][number];
type Entitlement = Position['entitlement'];
type PlanStep = NonNullable<HolderPlanQuery['claimPlan']>['steps'][number];
type Claim = PlanStep['claims'][number];
export type Expiry = Claim['expiry'];
export type SnapshotState = Entitlement['snapshotsConnection']['nodes'][number]['state'];

/** What one person is owed in one asset of one token: the sums over the person's addresses. */
export interface OwedAsset {
  /** `null`: the chain's own coin. */
  readonly address: string | null;
  readonly symbol: string | null;
  readonly decimals: number | null;
  readonly claimable: bigint;
  readonly claimed: bigint;
  readonly redeemed: bigint;
  readonly expired: bigint;
  readonly redeemable: bigint;
  readonly accruing: bigint;
  /** The newest first. */
  readonly snapshots: readonly OwedSnapshot[];
  /** There are more snapshots than were read. */
  readonly hasMore: boolean;
}

export interface OwedSnapshot {
  readonly snapshotId: number;
  readonly balance: bigint;
  readonly share: bigint;
  readonly claimable: bigint;
  readonly claimed: bigint;
  readonly states: readonly SnapshotState[];
}

/** One token of a person. */
export interface OwedToken {
  readonly token: Position['token'];
  readonly asOf: Position['asOf'];
  readonly balance: bigint;
  readonly assets: readonly OwedAsset[];
}

/**
 * What a person is owed: for each token the sums over the person's addresses. Each address has a share of its own,
 * rounded down by the contract, so the sum is of those: never the share of the sum.
 *
 * @param positions of all addresses
 */
export function owedTokens(positions: readonly Position[]): OwedToken[] {
  const byToken = Map.groupBy(positions, ({ token }) => `${token.chainId} ${token.address}`);
  return [...byToken.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const parts = same.flatMap((position) => [
      { address: null, symbol: null, decimals: 18, entitlement: position.entitlement },
      ...position.assetEntitlements.map(({ asset, entitlement }) => ({
        address: asset.address,
        symbol: asset.symbol ?? null,
        decimals: asset.decimals ?? null,
        entitlement,
      })),
    ]);
    const byAsset = Map.groupBy(parts, ({ address }) => address);
    return [
      {
        token: first.token,
        asOf: first.asOf,
        balance: sumOf(same, ({ balance }) => balance),
        assets: [...byAsset.values()].flatMap((equal) => {
          const [one] = equal;
          if (one === undefined) return [];
          const { address, symbol, decimals } = one;
          return [
            { address, symbol, decimals, ...together(equal.map((part) => part.entitlement)) },
          ];
        }),
      },
    ];
  });
}

/** The sums over all tokens, for each chain and asset: money of different chains is never added up. */
export function claimableTotals(
  tokens: readonly OwedToken[],
): { readonly chainId: number; readonly asset: OwedAsset; readonly claimable: bigint }[] {
  const all = tokens.flatMap(({ token, assets }) =>
    assets.map((asset) => ({ chainId: token.chainId, asset })),
  );
  const byAsset = Map.groupBy(all, ({ chainId, asset }) => `${chainId} ${asset.address}`);
  return [...byAsset.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    return [{ ...first, claimable: sumOf(same, ({ asset }) => asset.claimable) }];
  });
}

/** What is lost first if it is not claimed; `null`: nothing ever expires. */
export interface FirstExpiry {
  readonly token: OwedToken['token'];
  readonly expiry: Expiry;
  readonly pays: readonly { readonly asset: string | null; readonly amount: bigint }[];
}

/** @param steps the plans of all addresses */
export function firstExpiry(
  steps: readonly PlanStep[],
  tokens: readonly OwedToken[],
): FirstExpiry | null {
  const expiring = steps.flatMap((step) =>
    step.claims
      .filter(({ expiry }) => expiry.snapshotsLeft != null)
      .map((claim) => ({ key: keyOf(step.token), claim })),
  );
  const [first] = expiring.toSorted((a, b) => compare(a.claim.expiry, b.claim.expiry));
  const found = tokens.find(({ token }) => keyOf(token) === first?.key);
  if (first === undefined || found === undefined) return null;
  const same = expiring.filter(
    ({ key, claim }) =>
      key === first.key && claim.expiry.snapshotsLeft === first.claim.expiry.snapshotsLeft,
  );
  const pays = Map.groupBy(
    same.flatMap(({ claim }) => claim.pays),
    ({ asset }) => asset.address ?? null,
  );
  return {
    token: found.token,
    expiry: first.claim.expiry,
    pays: [...pays].map(([asset, parts]) => ({
      asset,
      amount: sumOf(parts, (part) => part.amount),
    })),
  };
}

/** Of each open snapshot of a token, until when it can be claimed. */
export function expiryOf(
  steps: readonly PlanStep[],
  token: { readonly chainId: number; readonly address: string },
  snapshotId: number,
): Expiry | null {
  for (const step of steps) {
    if (keyOf(step.token) !== keyOf(token)) continue;
    const claim = step.claims.find((one) => one.snapshotId === snapshotId);
    if (claim !== undefined) return claim.expiry;
  }
  return null;
}

/** How an asset of a token is shown. */
export function unitOf(
  asset: Pick<OwedAsset, 'address' | 'symbol' | 'decimals'>,
  nativeSymbol: string,
): Unit {
  return asset.address === null ? { symbol: nativeSymbol, decimals: 18 } : asset;
}

function together(entitlements: readonly Entitlement[]) {
  const snapshots = Map.groupBy(
    entitlements.flatMap(({ snapshotsConnection }) => snapshotsConnection.nodes),
    ({ snapshotId }) => snapshotId,
  );
  return {
    claimable: sumOf(entitlements, (one) => one.totalClaimableWei),
    claimed: sumOf(entitlements, (one) => one.claimedWei),
    redeemed: sumOf(entitlements, (one) => one.redeemedWei),
    expired: sumOf(entitlements, (one) => one.expiredWei),
    redeemable: sumOf(entitlements, (one) => one.redeemableWei),
    accruing: sumOf(entitlements, (one) => one.accruingWei),
    hasMore: entitlements.some(
      ({ snapshotsConnection }) => snapshotsConnection.pageInfo.hasNextPage,
    ),
    snapshots: [...snapshots]
      .toSorted(([a], [b]) => b - a)
      .map(([snapshotId, parts]) => ({
        snapshotId,
        balance: sumOf(parts, (part) => part.balanceAt),
        share: sumOf(parts, (part) => part.shareWei),
        claimable: sumOf(parts, (part) => part.claimableWei),
        claimed: sumOf(parts, (part) => part.claimedWei),
        states: [...new Set(parts.map((part) => part.state))],
      })),
  };
}

/** What is due with fewer snapshots comes first; of equals, what has the earlier time. */
function compare(a: Expiry, b: Expiry): number {
  const left = (a.snapshotsLeft ?? Infinity) - (b.snapshotsLeft ?? Infinity);
  return left !== 0 ? left : timeOf(a) - timeOf(b);
}

function timeOf({ isDue, earliest }: Expiry): number {
  if (isDue) return 0;
  return earliest?.timestamp == null ? Infinity : Date.parse(earliest.timestamp);
}

function keyOf({
  chainId,
  address,
}: {
  readonly chainId: number;
  readonly address: string;
}): string {
  return `${chainId} ${address}`;
}

function sumOf<Row>(rows: readonly Row[], amountOf: (row: Row) => bigint): bigint {
  return rows.reduce((sum, row) => sum + amountOf(row), 0n);
}
