import { LedgerError } from '../errors.js';
import type { RevenueTerms } from '../state.js';
import { composePolicy } from './compose.js';
import { fitGetters } from './getters.js';
import { differingParts, type PolicyParts } from './parts.js';
import type { Getters, RevenuePolicy } from './policy.js';

/** The ERC's own implementation: snapshots stay claimable for ever. */
const REFERENCE: PolicyParts = {
  revenue: 'eth',
  percent: 'getter',
  window: 'none',
  claimedId: 'either',
  rounding: 'reference',
  rollOver: 'none',
  interval: 'none',
  snapshots: 'anyone',
};

/**
 * The implementation of launched IMO tokens: the newest snapshots can be claimed, and what is left
 * of an older one comes back to all holders.
 */
const WINDOWED: PolicyParts = {
  ...REFERENCE,
  window: 'getter',
  rounding: 'windowed',
  rollOver: 'holders',
  interval: 'getter',
};

/** A window that no getter says. */
const THREE: PolicyParts = { ...WINDOWED, window: 3, interval: 'optional' };

/** All revenue is in one ERC-20, which snapshots assign to holders completely. */
const IN_ONE_ASSET = { revenue: 'one-asset', percent: 100 } as const;
const ONE_ASSET: PolicyParts = { ...REFERENCE, ...IN_ONE_ASSET, interval: 'getter' };

/** A policy of the registry. */
export interface KnownPolicy {
  readonly policy: RevenuePolicy;
  /**
   * `getters`: only this family is published with these getters. `behaviour`: others have the
   * same ones, so it takes more than getters to recognise it.
   */
  readonly recognisedBy: 'getters' | 'behaviour';
}

/** Every known policy, a line each. The order is the order in which `auto` tries them. */
export const REGISTRY: readonly KnownPolicy[] = [
  byGetters('alt-revenue', { ...WINDOWED, revenue: 'eth-and-assets' }),
  byGetters('windowed', WINDOWED),
  byGetters('reference', REFERENCE),
  byBehaviour('windowed-three', THREE),
  byBehaviour('windowed-three-reference', { ...THREE, rounding: 'reference' }),
  byBehaviour('reference-interval', { ...REFERENCE, interval: 'getter' }),
  byBehaviour('reference-interval-windowed', {
    ...REFERENCE,
    interval: 'getter',
    rounding: 'windowed',
  }),
  byBehaviour('one-asset', ONE_ASSET),
  byBehaviour('one-asset-windowed', { ...WINDOWED, ...IN_ONE_ASSET }),
];

export const POLICIES: readonly RevenuePolicy[] = REGISTRY.map(({ policy }) => policy);

function byGetters(name: string, parts: PolicyParts): KnownPolicy {
  return { policy: composePolicy(name, parts), recognisedBy: 'getters' };
}

function byBehaviour(name: string, parts: PolicyParts): KnownPolicy {
  return { policy: composePolicy(name, parts), recognisedBy: 'behaviour' };
}

/** @throws LedgerError `LEDGER_UNKNOWN_POLICY`, with the names that exist. */
export function policyNamed(name: string, policies = POLICIES): RevenuePolicy {
  const policy = policies.find((candidate) => candidate.name === name);
  if (policy === undefined) {
    const known = policies.map((candidate) => candidate.name).join(', ');
    throw new LedgerError(
      'LEDGER_UNKNOWN_POLICY',
      `"${name}" is not a revenue policy`,
      `Known policies: ${known}.`,
    );
  }
  return policy;
}

/**
 * The policy like a known one except for some parts. It has the name of a known policy if its
 * parts are those of one, else `<like>-like`.
 *
 * @throws LedgerError `LEDGER_UNKNOWN_POLICY`
 */
export function policyLike(like: string, changes: Partial<PolicyParts>): RevenuePolicy {
  const parts: PolicyParts = { ...policyNamed(like).parts, ...changes };
  return policyOfParts(`${like}-like`, parts);
}

/** The policy of some parts: a known one, or a new one with the given name. */
export function policyOfParts(name: string, parts: PolicyParts): RevenuePolicy {
  const known = POLICIES.find((policy) => differingParts(policy.parts, parts).length === 0);
  return known ?? composePolicy(name, parts);
}

/** A policy that a contract may follow, with the terms that its getters give then. */
export interface PolicyCandidate extends KnownPolicy {
  readonly terms: RevenueTerms;
}

/** The policies whose getters a contract has, in the order of the registry. */
export function candidatesFor(
  getters: Getters,
  registry: readonly KnownPolicy[] = REGISTRY,
): PolicyCandidate[] {
  return registry.flatMap((known) => {
    const terms = known.policy.termsFrom(getters);
    return terms === null ? [] : [{ ...known, terms }];
  });
}

/** The policy that a contract's getters come closest to, and in what they differ from it. */
export interface NearestPolicy {
  readonly policy: RevenuePolicy;
  readonly differences: readonly string[];
}

/** Of several that are equally near, the first of them. */
export function nearestPolicy(
  getters: Getters,
  policies: readonly RevenuePolicy[] = POLICIES,
): NearestPolicy | null {
  let nearest: NearestPolicy | null = null;
  for (const policy of policies) {
    const { differences } = fitGetters(policy.parts, getters);
    if (nearest === null || differences.length < nearest.differences.length) {
      nearest = { policy, differences };
    }
  }
  return nearest;
}
