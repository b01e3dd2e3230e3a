import { type Address, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import { differingParts, type PolicyParts } from '../../ledger/policies/parts.js';
import type { GetterDifference, Getters, RevenuePolicy } from '../../ledger/policies/policy.js';
import { nearestPolicy, type PolicyCandidate } from '../../ledger/policies/registry.js';

/** A contract whose getters fit no policy: names the nearest one and the difference. */
export function noPolicy(
  address: Address,
  getters: Getters,
  policies: readonly RevenuePolicy[],
  missingViews: readonly string[],
): ImoError {
  const nearest = nearestPolicy(getters, policies);
  if (missingViews.length > 0 || nearest === null) {
    return new ImoError(
      'TOKEN_NO_POLICY',
      `${checksummed(address)} fits no revenue policy: ${missingViews.join(', ')} is missing`,
      'Index ERC-7641 tokens only; every policy needs this view.',
    );
  }
  const { policy, differences, parts } = nearest;
  const who = policies.length === 1 ? 'it does not fit' : 'the nearest is';
  return new ImoError(
    'TOKEN_NO_POLICY',
    `${checksummed(address)} fits no revenue policy: ${who} ${policy.name}, but ` +
      differences.join(' and '),
    'Index ERC-7641 tokens only. If you know the rules of this one, state what its getters do not: ' +
      `\`policy: {like: ${policy.name}${statementsFor(parts)}}\`.`,
  );
}

/** How the config states a part that getters do not say; `null`: it cannot. */
const STATEMENTS: Readonly<Record<GetterDifference['part'], string | null>> = {
  percent: 'percent: <0 to 100>',
  window: 'window: <number, or none>',
  interval: 'interval: {blocks: <number>}',
  revenue: null,
  own: null,
};

function statementsFor(parts: ReadonlySet<GetterDifference['part']>): string {
  const stated = Object.entries(STATEMENTS).filter(
    ([part, text]) => text !== null && parts.has(part as GetterDifference['part']),
  );
  return stated.map(([, text]) => `, ${text}`).join('');
}

/** A contract that several policies fit, which would give other figures. */
export function severalPolicies(
  address: Address,
  candidates: readonly [PolicyCandidate, ...PolicyCandidate[]],
): ImoError {
  const [first, ...others] = candidates;
  const between = [first, ...others]
    .map(({ policy }) => `${policy.name} (${describe(policy.parts)})`)
    .join(', ');
  const parts = new Set(
    others.flatMap(({ policy }) => differingParts(first.policy.parts, policy.parts)),
  );
  return new ImoError(
    'TOKEN_NO_POLICY',
    `${checksummed(address)} looks like ${first.policy.name}, but its getters and views do not say ` +
      `its ${[...parts].join(', ')}: it may be ${between}`,
    `State the one that its source code shows, e.g. \`policy: ${first.policy.name}\`, or the part: ` +
      `\`policy: {like: ${first.policy.name}, rounding: ${first.policy.parts.rounding}}\`.`,
  );
}

/** A contract whose views contradict every policy that its getters fit. */
export function contradictedPolicy(
  address: Address,
  [nearest]: readonly [PolicyCandidate, ...PolicyCandidate[]],
  difference: string,
): ImoError {
  return new ImoError(
    'TOKEN_NO_POLICY',
    `${checksummed(address)} looks like ${nearest.policy.name}, but ${difference}`,
    'If you know its rules, state them, e.g. ' +
      `\`policy: {like: ${nearest.policy.name}, window: 3, rounding: reference}\`.`,
  );
}

function describe({ window, rounding }: PolicyParts): string {
  return `window ${window}, rounding ${rounding}`;
}
