import { shareAlike } from './parts.js';
import type { PolicyCandidate } from './registry.js';
import { type Hundredfold, ROUNDINGS } from './rounding.js';

/** What a contract's views reported, whatever its getters say. */
export interface PolicyObservation {
  /**
   * The oldest snapshot that an account without claims can claim, and how many it can claim from
   * there to the newest; `null`: not known.
   */
  readonly open: { readonly first: number; readonly count: number } | null;
  /**
   * `redeemableOnBurn(100 * totalSupply())`, in wei, with the balance that the contract has and
   * with one wei more; `null`: not known.
   */
  readonly hundredfold: Hundredfold | null;
}

/** The candidates that the observed figures allow. */
export function fittingCandidates(
  candidates: readonly PolicyCandidate[],
  observed: PolicyObservation,
): PolicyCandidate[] {
  return candidates.filter(
    (candidate) => windowFits(candidate, observed) && roundingFits(candidate, observed),
  );
}

/**
 * The one candidate that all others share alike with; `null` where they would give different
 * figures. With a percentage of 0 or 100, both roundings are the same.
 */
export function onlyCandidate(candidates: readonly PolicyCandidate[]): PolicyCandidate | null {
  const [first, ...others] = candidates;
  if (first === undefined) return null;
  const isSame = others.every((other) => {
    const { rounding } = first.policy.parts;
    const parts = roundingMatters(first) ? other.policy.parts : { ...other.policy.parts, rounding };
    return (
      shareAlike(first.policy.parts, parts) &&
      other.terms.window === first.terms.window &&
      other.terms.percentClaimable === first.terms.percentClaimable
    );
  });
  return isSame ? first : null;
}

/** In words, what speaks against a candidate; `null`: nothing. */
export function differenceOf(
  candidate: PolicyCandidate,
  observed: PolicyObservation,
): string | null {
  const { open, hundredfold } = observed;
  if (open !== null && !windowFits(candidate, observed)) {
    const window = candidate.terms.window ?? 'all';
    const last = open.first + open.count - 1;
    return `of ${last} snapshots, ${open.count} are open (from ${open.first}), not ${window}`;
  }
  if (hundredfold === null || roundingFits(candidate, observed)) return null;
  const { now, oneWeiMore } = hundredfold;
  return (
    `redeemableOnBurn of 100 times the supply is ${now}, and ${oneWeiMore ?? 'unknown'} with one ` +
    `wei more: it is not rounded so`
  );
}

function windowFits({ terms }: PolicyCandidate, { open }: PolicyObservation): boolean {
  if (open === null) return true;
  if (open.first === 1) return terms.window === null || open.count <= terms.window;
  return terms.window === open.count;
}

function roundingFits(
  { policy, terms }: PolicyCandidate,
  { hundredfold }: PolicyObservation,
): boolean {
  if (hundredfold === null || !roundingMatters({ terms })) return true;
  return ROUNDINGS[policy.parts.rounding].fits(hundredfold, terms.percentClaimable);
}

function roundingMatters({ terms }: Pick<PolicyCandidate, 'terms'>): boolean {
  return terms.percentClaimable !== 0n && terms.percentClaimable !== 100n;
}
