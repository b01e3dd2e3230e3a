import type { AsOf } from '../../store/read/chains/asOf.js';
import type { Interval } from '../../store/read/operations/operationTotals.js';
import { readLifetime } from '../../store/read/series/tokenStates.js';
import { inputError } from '../errors.js';
import type { AtInput, DateTimeRange } from '../lists/engine/inputs.js';
import type { ApiContext } from '../request/context.js';
import { nextStep, stepsBetween } from '../values/calendar.js';

/** Which steps a series has. */
export interface StepsRequest {
  readonly interval: Interval;
  readonly timestamp?: DateTimeRange | null;
  /** The moment that the client named. */
  readonly at?: AtInput | null;
  readonly bookNumber: number;
  /** Of the token. */
  readonly startBlock: number;
  readonly asOf: AsOf;
  readonly most: number;
}

/** One step: from its start to the start of the next one, which does not belong to it. */
export interface Step {
  readonly from: Date;
  readonly to: Date;
}

/**
 * The whole steps that contain the asked times; without them, from the first operation of the books to the
 * moment of the answer. None where nothing was booked yet.
 *
 * @throws GraphQLError `TOO_MANY_STEPS`; ImoError `BAD_RANGE`, `BLOCK_NOT_INDEXED`, `BEFORE_START`
 *   or `QUERY_TOO_LARGE`
 */
export async function seriesSteps(
  { books, budget, db, instant }: ApiContext,
  { interval, timestamp, at, bookNumber, startBlock, asOf, most }: StepsRequest,
): Promise<Step[]> {
  const gte = timestamp?.gte ?? null;
  const lte = timestamp?.lte ?? null;
  const { chainId } = asOf;
  await books.assertRange(
    new Map([[chainId, asOf]]),
    { timestamp, isWhole: false, at: at ?? null },
    new Map([[chainId, startBlock]]),
  );
  const life = await instant.once({
    name: `life of ${bookNumber} ${asOf.block}`,
    read: () => readLifetime(db, { bookNumber, block: asOf.block }),
    size: () => 2,
  });
  if (life === null) return [];
  // The time of a block without operations is not kept; it is not before a start that was not refused.
  const known = gte !== null && gte > life.last ? gte : life.last;
  const now = asOf.timestamp === null ? known : (at?.timestamp ?? asOf.timestamp);
  const last = lte !== null && lte < now ? lte : now;
  const steps = stepsBetween(interval, gte ?? life.first, last);
  if (steps.length > most) {
    throw inputError(
      'TOO_MANY_STEPS',
      `the series has ${steps.length} steps of one ${interval}`,
      `This series has at most ${most} steps: choose a longer interval, or a shorter timestamp.`,
    );
  }
  budget.spendRows(steps.length);
  return steps.map((from) => ({ from, to: nextStep(interval, from) }));
}

/** The moments at which the figures of a series change from step to step: its start, and every end. */
export function boundaries(steps: readonly Step[]): Date[] {
  const [first] = steps;
  return first === undefined ? [] : [first.from, ...steps.map(({ to }) => to)];
}
