import type { SeededRandom } from '../../../devnet/random.js';

/** What is done to the index in one step of a run. */
export type FaultEvent =
  | 'nothing'
  | 'fork'
  | 'deep fork'
  | 'kill'
  | 'kill while it writes'
  | 'break connections'
  | 'restart the database';

/** Of each, so many in a minute of the plan. */
const PER_MINUTE: readonly (readonly [FaultEvent, number])[] = [
  ['fork', 6.5],
  ['deep fork', 1],
  ['kill', 4],
  ['kill while it writes', 3],
  ['break connections', 2],
  ['restart the database', 1.2],
];
export const STEPS_PER_MINUTE = 60;
/** Wrong answers of nodes in a minute of the plan. */
export const RPC_FAULTS_PER_MINUTE = 220;

/**
 * The events of a run in a drawn order. A plan of so many minutes takes that long at least; on
 * a slow machine it takes longer, and nothing of it is left out.
 *
 * @param deep some of the forks begin below the finalised block
 */
export function planOf(
  random: SeededRandom,
  { minutes, deep }: { minutes: number; deep: boolean },
): FaultEvent[] {
  const events = PER_MINUTE.flatMap(([event, rate]) =>
    Array.from({ length: Math.ceil(rate * minutes) }, () =>
      event === 'deep fork' && !deep ? 'fork' : event,
    ),
  );
  const steps = Math.max(events.length, Math.ceil(STEPS_PER_MINUTE * minutes));
  while (events.length < steps) events.push('nothing');
  return random.shuffled(events);
}
