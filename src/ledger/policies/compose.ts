import { LedgerError } from '../errors.js';
import {
  lastSnapshotId,
  newRevenueWei,
  type PoolState,
  type RevenueTerms,
  unclaimedWei,
} from '../state.js';
import { ALT_REVENUE_VIEW, fitGetters } from './getters.js';
import type { PolicyParts } from './parts.js';
import type { Getters, RevenuePolicy, ShareRules } from './policy.js';
import type { OwnRules, PolicyRules } from './policyRules.js';
import { ROUNDINGS } from './rounding.js';

/** The views that every ERC-7641 token has. */
const REVENUE_VIEWS = ['claimableRevenue(address,uint256)', 'redeemableOnBurn(uint256)'];
const ASSET_VIEWS = ['claimableERC20(address,uint256,address)', ALT_REVENUE_VIEW];

type Shared = Pick<RevenuePolicy, 'sharesEth' | 'sharesAssets' | 'views'>;

const SHARED: Readonly<Record<PolicyParts['revenue'], Shared>> = {
  eth: { sharesEth: true, sharesAssets: false, views: REVENUE_VIEWS },
  'eth-and-assets': {
    sharesEth: true,
    sharesAssets: true,
    views: [...REVENUE_VIEWS, ...ASSET_VIEWS],
  },
  'one-asset': { sharesEth: false, sharesAssets: true, views: REVENUE_VIEWS },
};

/** The policy of a family, before any contract was asked for the family's own numbers. */
export function policyOfRules({ name, parts, own, storage }: PolicyRules): RevenuePolicy {
  const ownPart = own === null ? {} : { own: { rules: name, numbers: {} } };
  return composePolicy(name, { ...parts, ...ownPart }, { own, storage });
}

/** Builds the rules of a policy from its parts. `own`: the rules that the part of that name names. */
export function composePolicy(
  name: string,
  parts: PolicyParts,
  { own, storage }: Pick<PolicyRules, 'own' | 'storage'>,
): RevenuePolicy {
  const numbers = ownNumbers(parts);
  const ownGetters = new Map(
    Object.entries(own?.numbers ?? {}).map(([key, { getter }]) => [getter, numbers[key] ?? null]),
  );
  const isAsked = [...ownGetters.values()].every((number) => number !== null);
  const byParts = sharesBy(parts);
  const policy: RevenuePolicy = {
    name,
    parts,
    ...SHARED[parts.revenue],
    storage,
    ownGetters,
    forContract(getters) {
      const said = own === null || isAsked ? null : saidNumbers(own, getters);
      if (parts.own === undefined || said === null) return policy;
      const withNumbers = { ...parts, own: { ...parts.own, numbers: said } };
      return composePolicy(name, withNumbers, { own, storage });
    },
    fit: (getters) => fitGetters(parts, getters, ownGetters),
    termsFrom: (getters) => policy.fit(getters).terms,
    ...(isAsked ? { ...byParts, ...own?.shares(numbers, byParts) } : notAsked(name)),
  };
  return policy;
}

function ownNumbers({ own }: PolicyParts): Record<string, bigint> {
  const entries = Object.entries(own?.numbers ?? {});
  return Object.fromEntries(entries.map(([key, text]) => [key, BigInt(text)]));
}

/** The own numbers of a family by a contract's getters; `null` if one is missing or too high. */
function saidNumbers({ numbers }: OwnRules, getters: Getters): Record<string, string> | null {
  const said: Record<string, string> = {};
  for (const [key, { getter, highest }] of Object.entries(numbers)) {
    const answer = getters[getter] ?? null;
    if (answer === null || answer > highest) return null;
    said[key] = String(answer);
  }
  return said;
}

function sharesBy(parts: PolicyParts): ShareRules {
  return {
    assignment: (terms, state) => ({
      freshWei: (newRevenueWei(state) * terms.percentClaimable) / 100n,
      rolledOverWei: parts.rollOver === 'none' ? 0n : leavingWei(terms, state),
    }),
    redemptionRates: ROUNDINGS[parts.rounding].rates,
  };
}

/** What is left of the snapshot that the next one pushes out of the window, in wei. */
function leavingWei({ window }: RevenueTerms, state: PoolState): bigint {
  return window === null ? 0n : unclaimedWei(state, lastSnapshotId(state) + 1 - window);
}

/** Nothing is shared by numbers that nobody knows. */
function notAsked(name: string): ShareRules {
  const refuse = (): never => {
    throw new LedgerError(
      'LEDGER_POLICY_NUMBERS',
      `the numbers of policy "${name}" were not read from a contract`,
      'This is a bug in imo-ledger. Report it.',
    );
  };
  return { assignment: refuse, redemptionRates: refuse };
}
