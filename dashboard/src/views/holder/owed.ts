import { groupedBy } from '../../format/grouped.js';
import type {
  AccountPositionsQuery,
  PersonPlansQuery,
  PersonPositionsQuery,
} from '../../ledger/generated/holder.js';
import type { Unit } from '../../parts/unit.js';
import { assetSymbol } from '../tokenName.js';

export type Person = NonNullable<PersonPositionsQuery['person']>;
type Position = Person['positions'][number];
type Sums = Position['entitlements'][number];
export type AccountPosition = NonNullable<AccountPositionsQuery['holder']>['positions'][number];
type Shares = AccountPosition['entitlement'];
export type PlanStep = NonNullable<PersonPlansQuery['claimPlans']>[number]['steps'][number];
type Claim = PlanStep['claims'][number];
export type Expiry = Claim['expiry'];
type SnapshotState = Shares['snapshotsConnection']['nodes'][number]['state'];

/** What one person is owed in one asset of one token: the sums over the person's addresses. */
export interface OwedAsset {
  /** `null`: the chain's own coin. */
  readonly address: string | null;
  readonly symbol: string | null;
  readonly decimals: number | null;
  /** Earned so far: claimed, claimable or expired. */
  readonly assigned: bigint;
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
  /** Those that ever held it. */
  readonly accounts: readonly { readonly address: string; readonly balance: bigint }[];
}

/**
 * What a person is owed: for each token the sums over the person's addresses, as the server has them. The snapshots
 * are those of each address: each has a share of its own, rounded down by the contract.
 */
export function owedTokens(
  { positions }: Person,
  accountPositions: readonly AccountPosition[],
): OwedToken[] {
  const ofToken = groupedBy(accountPositions, ({ token }) => keyOf(token));
  return positions.map(({ token, asOf, balance, entitlements }) => {
    const accounts = ofToken.get(keyOf(token)) ?? [];
    return {
      token,
      asOf,
      balance,
      accounts: accounts.map((one) => ({ address: one.address, balance: one.balance })),
      assets: entitlements.map((sums): OwedAsset => {
        const address = sums.asset === 'native' ? null : sums.asset;
        const shared = token.assets.find((asset) => asset.address === address);
        return {
          address,
          symbol: shared?.symbol ?? null,
          decimals: address === null ? 18 : (shared?.decimals ?? null),
          ...figuresOf(sums),
          ...snapshotsOf(accounts.flatMap((account) => sharesIn(account, address))),
        };
      }),
    };
  });
}

function figuresOf(sums: Sums) {
  return {
    assigned: sums.assignedWei,
    claimable: sums.totalClaimableWei,
    claimed: sums.claimedWei,
    redeemed: sums.redeemedWei,
    expired: sums.expiredWei,
    redeemable: sums.redeemableWei,
    accruing: sums.accruingWei,
  };
}

function sharesIn(
  { entitlement, assetEntitlements }: AccountPosition,
  address: string | null,
): Shares[] {
  if (address === null) return [entitlement];
  return assetEntitlements
    .filter(({ asset }) => asset.address === address)
    .map((one) => one.entitlement);
}

/** The sums over all tokens, for each chain and asset: money of different chains is never added up. */
export function claimableTotals(
  tokens: readonly OwedToken[],
): { readonly chainId: number; readonly asset: OwedAsset; readonly claimable: bigint }[] {
  const all = tokens.flatMap(({ token, assets }) =>
    assets.map((asset) => ({ chainId: token.chainId, asset })),
  );
  const byAsset = groupedBy(all, ({ chainId, asset }) => `${chainId} ${asset.address}`);
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
  const pays = groupedBy(
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
  if (asset.address === null) return { symbol: nativeSymbol, decimals: 18 };
  return { symbol: assetSymbol(asset.address, asset.symbol), decimals: asset.decimals };
}

function snapshotsOf(shares: readonly Shares[]) {
  const snapshots = groupedBy(
    shares.flatMap(({ snapshotsConnection }) => snapshotsConnection.nodes),
    ({ snapshotId }) => snapshotId,
  );
  return {
    hasMore: shares.some(({ snapshotsConnection }) => snapshotsConnection.pageInfo.hasNextPage),
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

export function keyOf({
  chainId,
  address,
}: {
  readonly chainId: number;
  readonly address: string;
}): string {
  return `${chainId} ${address}`;
}

export function sumOf<Row>(rows: readonly Row[], amountOf: (row: Row) => bigint): bigint {
  return rows.reduce((sum, row) => sum + amountOf(row), 0n);
}

/** What is owed of a token. */
export function tokenOf(
  tokens: readonly OwedToken[],
  token: { readonly chainId: number; readonly address: string },
): OwedToken | undefined {
  return tokens.find((one) => keyOf(one.token) === keyOf(token));
}
