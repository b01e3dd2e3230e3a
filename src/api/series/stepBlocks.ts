import { readBlocksBefore } from '../../store/read/series/blocksBefore.js';
import type { ApiContext } from '../request/context.js';
import { boundaries } from './seriesSteps.js';
import type { SeriesOfBooks } from './stepMoment.js';

/** The steps of a series up to a block of its chain. */
export interface StepsUpTo extends Pick<SeriesOfBooks, 'chainId' | 'interval' | 'steps'> {
  /** Nothing after it counts. */
  readonly block: number;
}

/** What series with the same blocks share is kept under this name. */
export function nameOfSteps({ chainId, interval, steps, block }: StepsUpTo): string {
  const [first] = steps;
  return `${chainId} ${block} ${interval} ${first?.from.getTime()} ${steps.length}`;
}

/** The newest block before the first step, and the one before the end of each; -1: there is none. */
export function stepBlocks(
  { instant, db }: Pick<ApiContext, 'instant' | 'db'>,
  steps: StepsUpTo,
): Promise<readonly number[]> {
  return instant.once({
    name: `blocks ${nameOfSteps(steps)}`,
    read: () => readBlocksBefore(db, steps, boundaries(steps.steps)),
    size: ({ length }) => length,
  });
}
