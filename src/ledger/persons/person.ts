import type { Entitlement } from '../entitlement.js';
import {
  type CostBasis,
  costBasisOf,
  NO_PARTICIPATION,
  type Participation,
  type SaleState,
  type SaleTerms,
} from '../sales/sale.js';
import { NO_STANDING, REVENUE_ACCOUNTS, type RevenueStanding } from '../statement.js';

/** What several accounts of one person are owed, were paid and missed together, in wei. */
export type PersonEntitlement = Omit<Entitlement, 'snapshots'> & {
  /** Shares of all snapshots so far, claimed or not: what the accounts earned. */
  readonly assignedWei: bigint;
};

/** Nothing yet. */
const NO_PERSON_ENTITLEMENT: PersonEntitlement = {
  balance: 0n,
  assignedWei: 0n,
  totalClaimableWei: 0n,
  claimedWei: 0n,
  redeemedWei: 0n,
  expiredWei: 0n,
  redeemableWei: 0n,
  accruingWei: 0n,
};

/**
 * The sum of entitlements. The contract rounds the share of each account down and pays each on its own: so a
 * person gets the sum of the rounded figures, never the rounded figure of the sum.
 */
export function sumOfEntitlements(entitlements: readonly Entitlement[]): PersonEntitlement {
  return entitlements.reduce<PersonEntitlement>(
    (sum, one) => ({
      balance: sum.balance + one.balance,
      assignedWei: one.snapshots.reduce((all, { shareWei }) => all + shareWei, sum.assignedWei),
      totalClaimableWei: sum.totalClaimableWei + one.totalClaimableWei,
      claimedWei: sum.claimedWei + one.claimedWei,
      redeemedWei: sum.redeemedWei + one.redeemedWei,
      expiredWei: sum.expiredWei + one.expiredWei,
      redeemableWei: sum.redeemableWei + one.redeemableWei,
      accruingWei: sum.accruingWei + one.accruingWei,
    }),
    NO_PERSON_ENTITLEMENT,
  );
}

/** The sum of the balances of a statement's accounts. */
export function sumOfStandings(standings: readonly RevenueStanding[]): RevenueStanding {
  const sums = REVENUE_ACCOUNTS.map((name) => {
    return [name, standings.reduce((sum, standing) => sum + standing[name], 0n)] as const;
  });
  return { ...NO_STANDING, ...Object.fromEntries(sums) };
}

/** What several accounts did in a sale together. */
export function sumOfParticipations(parts: readonly Participation[]): Participation {
  return parts.reduce(
    (sum, one) => ({
      deposited: sum.deposited + one.deposited,
      allocated: sum.allocated + one.allocated,
      claimed: sum.claimed + one.claimed,
      refunded: sum.refunded + one.refunded,
      sold: sum.sold + one.sold,
      proceeds: sum.proceeds + one.proceeds,
      cost: sum.cost + one.cost,
    }),
    NO_PARTICIPATION,
  );
}

/**
 * What a person finally paid in a sale for what it finally got: the sum over its accounts, since the sale
 * rounds allocations and refunds of each. Tokens that move between own accounts take their cost with
 * them, so such a transfer changes nothing here. Tokens sold back leave with their part of the cost of the
 * account that sells, at its average.
 */
export function personCostBasis(
  terms: SaleTerms,
  state: SaleState,
  parts: readonly Participation[],
): CostBasis {
  const bases = parts.map((part) => costBasisOf(terms, state, part));
  return {
    paid: bases.reduce((sum, { paid }) => sum + paid, 0n),
    got: bases.reduce((sum, { got }) => sum + got, 0n),
    isFinal: bases.every(({ isFinal }) => isFinal),
  };
}
