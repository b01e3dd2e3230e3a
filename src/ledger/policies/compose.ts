import {
  lastSnapshotId,
  newRevenueWei,
  type PoolState,
  type RevenueTerms,
  unclaimedWei,
} from '../state.js';
import { ALT_REVENUE_VIEW, fitGetters } from './getters.js';
import type { PolicyParts } from './parts.js';
import type { RedemptionRates, RevenuePolicy } from './policy.js';

/** The views that every ERC-7641 token has. */
const REVENUE_VIEWS = ['claimableRevenue(address,uint256)', 'redeemableOnBurn(uint256)'];
const ASSET_VIEWS = ['claimableERC20(address,uint256,address)', ALT_REVENUE_VIEW];

/** Builds the rules of a policy from its parts. */
export function composePolicy(name: string, parts: PolicyParts): RevenuePolicy {
  return {
    name,
    parts,
    sharesAssets: parts.revenue !== 'eth',
    sharesEth: parts.revenue !== 'one-asset',
    views: parts.revenue === 'eth-and-assets' ? [...REVENUE_VIEWS, ...ASSET_VIEWS] : REVENUE_VIEWS,
    termsFrom: (getters) => fitGetters(parts, getters).terms,
    assignment: (terms, state) => ({
      freshWei: (newRevenueWei(state) * terms.percentClaimable) / 100n,
      rolledOverWei: parts.rollOver === 'none' ? 0n : leavingWei(terms, state),
    }),
    redemptionRates: ROUNDINGS[parts.rounding],
  };
}

/** What is left of the snapshot that the next one pushes out of the window, in wei. */
function leavingWei({ window }: RevenueTerms, state: PoolState): bigint {
  return window === null ? 0n : unclaimedWei(state, lastSnapshotId(state) + 1 - window);
}

type Rounding = (terms: RevenueTerms, state: PoolState) => RedemptionRates;

const ROUNDINGS: Readonly<Record<PolicyParts['rounding'], Rounding>> = {
  reference: ({ percentClaimable }, state) => ({
    // The contract divides twice, by 100 and by the supply; that is one division by both.
    fromNew: {
      numerator: newRevenueWei(state) * (100n - percentClaimable) - state.redeemedFromNewWei * 100n,
      denominator: 100n * state.supply,
    },
    fromPool: { numerator: state.redeemPoolWei, denominator: state.supply },
  }),
  windowed: ({ percentClaimable }, state) => ({
    fromNew: {
      numerator:
        (newRevenueWei(state) * (100n - percentClaimable)) / 100n - state.redeemedFromNewWei,
      denominator: state.supply,
    },
    fromPool: { numerator: state.redeemPoolWei, denominator: state.supply },
  }),
};
