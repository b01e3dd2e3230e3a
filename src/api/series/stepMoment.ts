import type { Address } from '../../address.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { Interval } from '../../store/read/operations/operationTotals.js';
import type { AtInput } from '../lists/engine/inputs.js';
import type { Step } from './seriesSteps.js';

/** What all steps of a series share. */
export interface SeriesOfBooks {
  readonly chainId: number;
  readonly token: Address;
  /** `null`: ETH. */
  readonly asset: Address | null;
  /** Of the books in the asset. */
  readonly bookNumber: number;
  readonly interval: Interval;
  /** The moment that the client named. */
  readonly at: AtInput | null;
  readonly steps: readonly Step[];
  /** Only what these accounts did; `null`: all. */
  readonly accounts: readonly Address[] | null;
}

/** What the values of a step are computed from. */
export interface ValuedStep {
  readonly series: SeriesOfBooks;
  /** The moment of its end. */
  readonly asOf: AsOf;
  /** In which it is valued; `null`: it is not. */
  readonly currency: string | null;
}

/**
 * The moment of the end of a step. A round is as old there as at the end itself, or at the moment of the
 * answer if that comes first.
 *
 * @param block the newest one before the end; `null`: there is none
 */
export function stepMoment({ to }: Step, block: number | null, answer: AsOf): AsOf {
  const now = answer.askedTime ?? answer.timestamp;
  return {
    chainId: answer.chainId,
    block: block ?? 0,
    hash: null,
    timestamp: null,
    isNewest: false,
    askedTime: now !== null && now < to ? now : to,
  };
}
