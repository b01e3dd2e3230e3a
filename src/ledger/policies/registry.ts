import { LedgerError } from '../errors.js';
import type { RevenueTerms } from '../state.js';
import { composePolicy, policyOfRules } from './compose.js';
import { PART_GETTERS } from './getters.js';
import { POLICY_RULES } from './known/list.js';
import { differingParts, type PolicyParts } from './parts.js';
import type { GetterDifference, Getters, RevenuePolicy } from './policy.js';

/** A policy of the registry. */
export interface KnownPolicy {
  readonly policy: RevenuePolicy;
  /** By its getters alone, or also by its behaviour: see `PolicyRules`. */
  readonly recognisedBy: 'getters' | 'behaviour';
}

/** Every known policy, in the order in which `auto` tries them. */
export const REGISTRY: readonly KnownPolicy[] = POLICY_RULES.map((rules) => ({
  policy: policyOfRules(rules),
  recognisedBy: rules.recognisedBy,
}));

export const POLICIES: readonly RevenuePolicy[] = REGISTRY.map(({ policy }) => policy);

const OWN_GETTERS = new Set(POLICIES.flatMap(({ ownGetters }) => [...ownGetters.keys()]));

/** The getters without arguments that tell policies apart. */
export const POLICY_GETTERS: readonly string[] = [...PART_GETTERS, ...OWN_GETTERS];

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

/**
 * The policy of some parts: a known one, or a new one with the given name.
 *
 * @throws LedgerError `LEDGER_UNKNOWN_POLICY` if it has own rules of a policy that is not known
 */
export function policyOfParts(name: string, parts: PolicyParts): RevenuePolicy {
  const known = POLICIES.find((policy) => differingParts(policy.parts, parts).length === 0);
  const { own } = parts;
  if (own === undefined) return known ?? composePolicy(name, parts, { own: null, storage: null });
  const like = policyNamed(own.rules);
  const rules = POLICY_RULES.find((of) => of.name === like.name)?.own ?? null;
  return composePolicy(known?.name ?? name, parts, { own: rules, storage: known?.storage ?? null });
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
    const policy = known.policy.forContract(getters);
    const terms = policy.termsFrom(getters);
    const isOther = foreignGetters(policy, getters).length > 0;
    return terms === null || isOther ? [] : [{ ...known, policy, terms }];
  });
}

/** Getters of a contract that only another policy has: its rules are others. */
function foreignGetters({ ownGetters }: RevenuePolicy, getters: Getters): string[] {
  return [...OWN_GETTERS].filter(
    (getter) => !ownGetters.has(getter) && (getters[getter] ?? null) !== null,
  );
}

/** The policy that a contract's getters come closest to, and in what they differ from it. */
export interface NearestPolicy {
  readonly policy: RevenuePolicy;
  /** In words. */
  readonly differences: readonly string[];
  /** The parts that they are about. */
  readonly parts: ReadonlySet<GetterDifference['part']>;
}

/** Of several that are equally near, the first of them. */
export function nearestPolicy(
  getters: Getters,
  policies: readonly RevenuePolicy[] = POLICIES,
): NearestPolicy | null {
  let nearest: NearestPolicy | null = null;
  for (const known of policies) {
    const policy = known.forContract(getters);
    const differences: readonly GetterDifference[] = [
      ...policy.fit(getters).differences,
      ...foreignGetters(policy, getters).map((getter) => ({
        part: 'own' as const,
        text: `it has ${getter}`,
      })),
    ];
    if (nearest !== null && differences.length >= nearest.differences.length) continue;
    const parts = new Set(differences.map(({ part }) => part));
    nearest = { policy, differences: differences.map(({ text }) => text), parts };
  }
  return nearest;
}
