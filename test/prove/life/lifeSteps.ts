import type { SeededRandom } from '../../../devnet/random.js';

/** What happens to the index in one step of a life. */
export const LIFE_EVENTS = [
  'change',
  'fork',
  'deep fork',
  'kill',
  'node fails',
  'nothing',
] as const;
export type LifeEvent = (typeof LIFE_EVENTS)[number];

/** When the next step begins after a change, and what the process has to bear until then. */
export const CHANGE_MOMENTS = [
  'until it has joined',
  'killed while it joins',
  'killed around the flip',
  'forked while it joins',
  'at once',
] as const;
export type ChangeMoment = (typeof CHANGE_MOMENTS)[number];

export interface LifeStep {
  readonly event: LifeEvent;
  /** Only of a change. */
  readonly moment: ChangeMoment;
  /** Operations on the chain before it. */
  readonly operations: number;
  /** How the process ends before it reads the new config. */
  readonly isOrderly: boolean;
}

/** In a hundred steps. */
const SHARES: readonly (readonly [LifeEvent, number])[] = [
  ['change', 55],
  ['fork', 14],
  ['deep fork', 4],
  ['kill', 12],
  ['node fails', 8],
  ['nothing', 7],
];

/**
 * The steps of a life in a drawn order. One of seven has a change for each moment, a fork and a kill.
 *
 * @param deep whether forks below the finalised block are among them
 */
export function lifeSteps(
  random: SeededRandom,
  { steps, deep }: { readonly steps: number; readonly deep: boolean },
): LifeStep[] {
  const events: LifeEvent[] = ['fork', 'kill', ...CHANGE_MOMENTS.map(() => 'change' as const)];
  const drawn = SHARES.flatMap(([event, share]) => Array.from({ length: share }, () => event));
  while (events.length < steps) events.push(random.pick(drawn));
  const moments = random.shuffled(CHANGE_MOMENTS);
  let changes = 0;
  return random.shuffled(events.slice(0, steps)).map((event) => {
    const moment = event === 'change' ? moments[changes++] : undefined;
    return {
      event: event === 'deep fork' && !deep ? 'fork' : event,
      moment: moment ?? random.pick(CHANGE_MOMENTS),
      operations: random.integer(1, 6),
      isOrderly: random.chance(50),
    };
  });
}
