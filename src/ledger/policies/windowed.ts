import type { RevenuePolicy } from '../policy.js';
import { lastSnapshotId, newRevenueWei, unclaimedWei } from '../state.js';

/** A view that only tokens with the AltRevToken extension have. */
export const ALT_REVENUE_VIEW = 'redeemableERC20OnBurn(uint256,address)';

/** The views that every ERC-7641 token has. */
export const REVENUE_VIEWS = ['claimableRevenue(address,uint256)', 'redeemableOnBurn(uint256)'];

/**
 * The implementation of launched IMO tokens: only the last `window` snapshots can be
 * claimed, and what is left of an older one comes back to all holders (DOMAIN.md 2b).
 */
export const windowed: RevenuePolicy = {
  name: 'windowed',
  sharesAssets: false,
  requiredGetters: [
    'percentClaimable()',
    'SNAPSHOT_CLAIMABLE_NUMBER()',
    'snapshotInterval()',
    'lastSnapshotTimestamp() or lastSnapshotBlock()',
  ],
  views: REVENUE_VIEWS,

  termsFrom(getters) {
    const percentClaimable = getters['percentClaimable()'] ?? null;
    const window = getters['SNAPSHOT_CLAIMABLE_NUMBER()'] ?? null;
    const interval = getters['snapshotInterval()'] ?? null;
    const inSeconds = (getters['lastSnapshotTimestamp()'] ?? null) !== null;
    const inBlocks = (getters['lastSnapshotBlock()'] ?? null) !== null;
    if (percentClaimable === null || percentClaimable > 100n) return null;
    if (window === null || window < 1n || window > 1_000_000n) return null;
    if (interval === null || inSeconds === inBlocks) return null;
    // Its ERC-20 revenue would go unseen.
    if ((getters[ALT_REVENUE_VIEW] ?? null) !== null) return null;
    return {
      percentClaimable,
      window: Number(window),
      interval,
      intervalUnit: inSeconds ? 'seconds' : 'blocks',
    };
  },

  assignment(terms, state) {
    const leaving = lastSnapshotId(state) + 1 - (terms.window ?? 0);
    return {
      freshWei: (newRevenueWei(state) * terms.percentClaimable) / 100n,
      rolledOverWei: unclaimedWei(state, leaving),
    };
  },

  redemptionRates(terms, state) {
    const redeemableNewWei =
      (newRevenueWei(state) * (100n - terms.percentClaimable)) / 100n - state.redeemedFromNewWei;
    return {
      fromNew: { numerator: redeemableNewWei, denominator: state.supply },
      fromPool: { numerator: state.redeemPoolWei, denominator: state.supply },
    };
  },
};
