import type { SeededRandom } from '../../../devnet/random.js';

/** What is done to the index in one step of a run. */
export type FaultEvent =
  | 'nothing'
  | 'fork'
  | 'deep fork'
  | 'kill'
  | 'kill while it writes'
  | 'break connections'
  | 'restart the database'
  | 'index anew'
  | 'damage the cache'
  | 'kill while it keeps';

/** Of each, so many in a minute of the plan. */
const PER_MINUTE: readonly (readonly [FaultEvent, number])[] = [
  ['fork', 6.5],
  ['deep fork', 1],
  ['kill', 4],
  ['kill while it writes', 3],
  ['break connections', 2],
  ['restart the database', 1.2],
];
/** The same where services, ranges or a cache give the final blocks. */
const WITH_SOURCES: readonly (readonly [FaultEvent, number])[] = [
  ['index anew', 7],
  ['kill while it keeps', 4],
  ['damage the cache', 8],
];
export const STEPS_PER_MINUTE = 60;
/** Wrong answers of nodes in a minute of the plan. */
export const RPC_FAULTS_PER_MINUTE = 220;

/**
 * The events of a run in a drawn order. A plan of so many minutes takes that long at least; on
 * a slow machine it takes longer, and nothing of it is left out.
 *
 * @param deep some of the forks begin below the finalised block
 * @param sources the chain is indexed again in other ways, from a damaged cache
 */
export function planOf(
  random: SeededRandom,
  { minutes, deep, sources = false }: { minutes: number; deep: boolean; sources?: boolean },
): FaultEvent[] {
  const rates = sources ? [...PER_MINUTE, ...WITH_SOURCES] : PER_MINUTE;
  const events = rates.flatMap(([event, rate]) =>
    Array.from({ length: Math.ceil(rate * minutes) }, () =>
      event === 'deep fork' && !deep ? 'fork' : event,
    ),
  );
  const steps = Math.max(events.length, Math.ceil(STEPS_PER_MINUTE * minutes));
  while (events.length < steps) events.push('nothing');
  return random.shuffled(events);
}
