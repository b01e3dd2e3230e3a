import type { RevenuePolicy } from '../policy.js';
import { newRevenueWei } from '../state.js';
import { ALT_REVENUE_VIEW, REVENUE_VIEWS } from './windowed.js';

const OTHER_GETTERS = [
  'SNAPSHOT_CLAIMABLE_NUMBER()',
  'snapshotInterval()',
  'lastSnapshotTimestamp()',
  'lastSnapshotBlock()',
  ALT_REVENUE_VIEW,
];

/** The ERC's own implementation: snapshots stay claimable for ever (DOMAIN.md 2a). */
export const reference: RevenuePolicy = {
  name: 'reference',
  sharesAssets: false,
  requiredGetters: ['percentClaimable()'],
  views: REVENUE_VIEWS,

  termsFrom(getters) {
    const percentClaimable = getters['percentClaimable()'] ?? null;
    if (percentClaimable === null || percentClaimable > 100n) return null;
    // It has no other getter; a relative that has one shares revenue in another way.
    if (OTHER_GETTERS.some((getter) => (getters[getter] ?? null) !== null)) return null;
    return { percentClaimable, window: null, interval: 1000n, intervalUnit: 'blocks' };
  },

  assignment(terms, state) {
    return {
      freshWei: (newRevenueWei(state) * terms.percentClaimable) / 100n,
      rolledOverWei: 0n,
    };
  },

  redemptionRates(terms, state) {
    const redeemableTimes100 =
      newRevenueWei(state) * (100n - terms.percentClaimable) - state.redeemedFromNewWei * 100n;
    return {
      // The contract divides twice, by 100 and by the supply; that is one division by both.
      fromNew: { numerator: redeemableTimes100, denominator: 100n * state.supply },
      fromPool: { numerator: state.redeemPoolWei, denominator: state.supply },
    };
  },
};
