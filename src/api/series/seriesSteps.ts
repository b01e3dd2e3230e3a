import type { AsOf } from '../../store/read/chains/asOf.js';
import type { Interval } from '../../store/read/operations/operationTotals.js';
import { readLifetime } from '../../store/read/series/tokenStates.js';
import { inputError } from '../errors.js';
import type { DateTimeRange } from '../lists/engine/inputs.js';
import type { ApiContext } from '../request/context.js';
import { nextStep, stepsBetween } from '../values/calendar.js';

/** Which steps a series has. */
export interface StepsRequest {
  readonly interval: Interval;
  readonly timestamp?: DateTimeRange | null;
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
  { books, budget, db }: ApiContext,
  { interval, timestamp, bookNumber, startBlock, asOf, most }: StepsRequest,
): Promise<Step[]> {
  const gte = timestamp?.gte ?? null;
  const lte = timestamp?.lte ?? null;
  const { chainId } = asOf;
  await books.assertRange(
    new Map([[chainId, asOf]]),
    { timestamp, isWhole: false },
    new Map([[chainId, startBlock]]),
  );
  const life = await readLifetime(db, { bookNumber, block: asOf.block });
  if (life === null) return [];
  const now = asOf.timestamp ?? life.last;
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
