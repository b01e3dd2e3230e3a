import type { RevenueTerms } from '../state.js';
import type { PolicyParts } from './parts.js';
import type { GetterDifference, GetterFit, Getters, RevenuePolicy } from './policy.js';

/** A view that only tokens with the AltRevToken extension have. */
export const ALT_REVENUE_VIEW = 'redeemableERC20OnBurn(uint256,address)';

const PERCENT = 'percentClaimable()';
const WINDOW = 'SNAPSHOT_CLAIMABLE_NUMBER()';
const INTERVAL = 'snapshotInterval()';
const IN_SECONDS = 'lastSnapshotTimestamp()';
const IN_BLOCKS = 'lastSnapshotBlock()';
const WIDEST_WINDOW = 1_000_000n;

/** Getters without arguments that parts are known by. */
export const PART_GETTERS: readonly string[] = [PERCENT, WINDOW, INTERVAL, IN_SECONDS, IN_BLOCKS];

/**
 * Compares what a contract's getters answered with the parts of a policy.
 *
 * @param own getters of its own numbers, with what they said before
 */
export function fitGetters(
  parts: PolicyParts,
  getters: Getters,
  own: ReadonlyMap<string, bigint | null> = new Map(),
): GetterFit {
  const differences: GetterDifference[] = [];
  const faultsOf =
    (part: GetterDifference['part']): Fault =>
    (text) => {
      differences.push({ part, text });
    };
  const answerOf = (getter: string) => getters[getter] ?? null;
  const percentClaimable = percentOf(parts, answerOf(PERCENT), faultsOf('percent'));
  const window = windowOf(parts, answerOf(WINDOW), faultsOf('window'));
  const gap = intervalOf(parts, getters, faultsOf('interval'));
  const sharesAssets = answerOf(ALT_REVENUE_VIEW) !== null;
  if (sharesAssets !== (parts.revenue === 'eth-and-assets')) {
    faultsOf('revenue')(
      sharesAssets ? `it has ${ALT_REVENUE_VIEW}` : `${ALT_REVENUE_VIEW} is missing`,
    );
  }
  for (const [getter, number] of own) {
    const said = answerOf(getter);
    if (said === null) faultsOf('own')(`${getter} is missing`);
    else if (number === null) faultsOf('own')(`${getter} says ${said}`);
    else if (said !== number) faultsOf('own')(`${getter} says ${said}, the policy ${number}`);
  }
  if (differences.length > 0) return { terms: null, differences };
  return { terms: { percentClaimable, window, ...gap }, differences };
}

/**
 * The getters that a policy takes terms from, with what they answer by some terms; `null` where there is
 * no such answer.
 */
export function expectedGetters(
  { parts, ownGetters }: Pick<RevenuePolicy, 'parts' | 'ownGetters'>,
  { percentClaimable, window, interval }: RevenueTerms,
): (readonly [getter: string, answer: bigint | null])[] {
  const expected: (readonly [string, bigint | null])[] = [];
  if (parts.percent === 'getter') expected.push([PERCENT, percentClaimable]);
  if (parts.window === 'getter') expected.push([WINDOW, window === null ? null : BigInt(window)]);
  if (parts.interval === 'getter' || parts.interval === 'optional') {
    expected.push([INTERVAL, interval]);
  }
  return [...expected, ...ownGetters];
}

/** Takes a difference, in words. */
type Fault = (text: string) => void;

function percentOf({ percent, revenue }: PolicyParts, said: bigint | null, fault: Fault): bigint {
  if (percent !== 'getter') {
    if (said !== null && revenue === 'one-asset') fault(`it has ${PERCENT}`);
    else if (said !== null && said !== BigInt(percent)) {
      fault(`${PERCENT} says ${said}, the policy ${percent}`);
    }
    return BigInt(percent);
  }
  if (said === null) fault(`${PERCENT} is missing`);
  else if (said > 100n) fault(`${PERCENT} says ${said}, more than 100`);
  return said ?? 0n;
}

function windowOf({ window }: PolicyParts, said: bigint | null, fault: Fault): number | null {
  if (window === 'none') {
    if (said !== null) fault(`it has ${WINDOW}`);
    return null;
  }
  if (window !== 'getter') {
    if (said !== null && said !== BigInt(window)) {
      fault(`${WINDOW} says ${said}, the policy ${window}`);
    }
    return window;
  }
  if (said === null) fault(`${WINDOW} is missing`);
  else if (said < 1n || said > WIDEST_WINDOW) fault(`${WINDOW} says ${said}`);
  return said === null ? null : Number(said);
}

type Gap = Pick<RevenueTerms, 'interval' | 'intervalUnit'>;

const UNKNOWN_GAP: Gap = { interval: null, intervalUnit: null };

function intervalOf({ interval }: PolicyParts, getters: Getters, fault: Fault): Gap {
  const said = getters[INTERVAL] ?? null;
  const clocks = [IN_SECONDS, IN_BLOCKS].filter((getter) => (getters[getter] ?? null) !== null);
  if (interval === 'none') {
    const own = said === null ? clocks : [INTERVAL, ...clocks];
    if (own.length > 0) fault(`it has ${own.join(', ')}`);
    return UNKNOWN_GAP;
  }
  if (typeof interval === 'object') {
    const length = BigInt(interval.length);
    if (said !== null && said !== length) {
      fault(`${INTERVAL} says ${said}, the policy ${length}`);
    }
    return { interval: length, intervalUnit: interval.unit };
  }
  if (said !== null && clocks.length === 1) {
    return { interval: said, intervalUnit: clocks[0] === IN_SECONDS ? 'seconds' : 'blocks' };
  }
  if (interval === 'optional') return UNKNOWN_GAP;
  if (said === null) fault(`${INTERVAL} is missing`);
  if (clocks.length === 0) fault(`${IN_SECONDS} or ${IN_BLOCKS} is missing`);
  if (clocks.length === 2) fault(`it has both ${IN_SECONDS} and ${IN_BLOCKS}`);
  return UNKNOWN_GAP;
}
