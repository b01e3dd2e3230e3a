import type { RevenueTerms } from '../state.js';
import type { PolicyParts } from './parts.js';
import type { Getters } from './policy.js';

/** A view that only tokens with the AltRevToken extension have. */
export const ALT_REVENUE_VIEW = 'redeemableERC20OnBurn(uint256,address)';

const PERCENT = 'percentClaimable()';
const WINDOW = 'SNAPSHOT_CLAIMABLE_NUMBER()';
const INTERVAL = 'snapshotInterval()';
const IN_SECONDS = 'lastSnapshotTimestamp()';
const IN_BLOCKS = 'lastSnapshotBlock()';
const WIDEST_WINDOW = 1_000_000n;

/** The terms of a contract, or what its getters say otherwise than the parts. */
export interface GetterFit {
  /** `null` where `differences` is not empty. */
  readonly terms: RevenueTerms | null;
  /** In words, each naming the getter. */
  readonly differences: readonly string[];
}

/** Compares what a contract's getters answered with the parts of a policy. */
export function fitGetters(parts: PolicyParts, getters: Getters): GetterFit {
  const differences: string[] = [];
  const answerOf = (getter: string) => getters[getter] ?? null;
  const percentClaimable = percentOf(parts, answerOf(PERCENT), differences);
  const window = windowOf(parts, answerOf(WINDOW), differences);
  const gap = intervalOf(parts, getters, differences);
  const sharesAssets = answerOf(ALT_REVENUE_VIEW) !== null;
  if (sharesAssets !== (parts.revenue === 'eth-and-assets')) {
    differences.push(
      sharesAssets ? `it has ${ALT_REVENUE_VIEW}` : `${ALT_REVENUE_VIEW} is missing`,
    );
  }
  if (differences.length > 0) return { terms: null, differences };
  return { terms: { percentClaimable, window, ...gap }, differences };
}

function percentOf(
  { percent, revenue }: PolicyParts,
  said: bigint | null,
  faults: string[],
): bigint {
  if (percent !== 'getter') {
    if (said !== null && revenue === 'one-asset') faults.push(`it has ${PERCENT}`);
    else if (said !== null && said !== BigInt(percent)) {
      faults.push(`${PERCENT} says ${said}, the policy ${percent}`);
    }
    return BigInt(percent);
  }
  if (said === null) faults.push(`${PERCENT} is missing`);
  else if (said > 100n) faults.push(`${PERCENT} says ${said}, more than 100`);
  return said ?? 0n;
}

function windowOf({ window }: PolicyParts, said: bigint | null, faults: string[]): number | null {
  if (window === 'none') {
    if (said !== null) faults.push(`it has ${WINDOW}`);
    return null;
  }
  if (window !== 'getter') {
    if (said !== null && said !== BigInt(window)) {
      faults.push(`${WINDOW} says ${said}, the policy ${window}`);
    }
    return window;
  }
  if (said === null) faults.push(`${WINDOW} is missing`);
  else if (said < 1n || said > WIDEST_WINDOW) faults.push(`${WINDOW} says ${said}`);
  return said === null ? null : Number(said);
}

type Gap = Pick<RevenueTerms, 'interval' | 'intervalUnit'>;

const UNKNOWN_GAP: Gap = { interval: null, intervalUnit: null };

function intervalOf({ interval }: PolicyParts, getters: Getters, faults: string[]): Gap {
  const said = getters[INTERVAL] ?? null;
  const clocks = [IN_SECONDS, IN_BLOCKS].filter((getter) => (getters[getter] ?? null) !== null);
  if (interval === 'none') {
    const own = said === null ? clocks : [INTERVAL, ...clocks];
    if (own.length > 0) faults.push(`it has ${own.join(', ')}`);
    return UNKNOWN_GAP;
  }
  if (typeof interval === 'object') {
    const length = BigInt(interval.length);
    if (said !== null && said !== length) {
      faults.push(`${INTERVAL} says ${said}, the policy ${length}`);
    }
    return { interval: length, intervalUnit: interval.unit };
  }
  if (said !== null && clocks.length === 1) {
    return { interval: said, intervalUnit: clocks[0] === IN_SECONDS ? 'seconds' : 'blocks' };
  }
  if (interval === 'optional') return UNKNOWN_GAP;
  if (said === null) faults.push(`${INTERVAL} is missing`);
  if (clocks.length === 0) faults.push(`${IN_SECONDS} or ${IN_BLOCKS} is missing`);
  if (clocks.length === 2) faults.push(`it has both ${IN_SECONDS} and ${IN_BLOCKS}`);
  return UNKNOWN_GAP;
}
