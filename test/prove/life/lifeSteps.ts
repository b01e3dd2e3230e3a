import type { SeededRandom } from '../../../devnet/random.js';
import { ShuffleBag } from './bag.js';

/** When the next step begins after a change, and what the process has to bear until then. */
export const CHANGE_MOMENTS = [
  'until it has joined',
  'killed while it joins',
  'killed around the flip',
  'forked while it joins',
  'node fails while it joins',
  'at once',
] as const;
export type ChangeMoment = (typeof CHANGE_MOMENTS)[number];

/** What happens to the index in one step of a life, besides a change of the config. */
export const LIFE_EVENTS = [
  'fork',
  'deep fork',
  'kill parent',
  'kill children',
  'node fails',
  'node fails again',
] as const;
export type LifeEvent = (typeof LIFE_EVENTS)[number];

export type LifeStep = {
  /** Operations on the chain before it. */
  readonly operations: number;
  /** How the process ends before it reads the new config. */
  readonly isOrderly: boolean;
} & (
  | { readonly event: 'change'; readonly moment: ChangeMoment }
  | { readonly event: LifeEvent; readonly moment: null }
);

/** Within so many steps everything happens that can. */
export const STEPS_OF_A_WHOLE_LIFE = CHANGE_MOMENTS.length + LIFE_EVENTS.length;

/**
 * The steps of a life in a drawn order. Everything that may happen happens within
 * `STEPS_OF_A_WHOLE_LIFE` steps.
 *
 * @param deep whether forks below the finalised block are among them
 */
export function lifeSteps(
  random: SeededRandom,
  { steps, deep }: { readonly steps: number; readonly deep: boolean },
): LifeStep[] {
  const events = LIFE_EVENTS.filter((event) => deep || event !== 'deep fork');
  const bag = new ShuffleBag(random, [
    ...CHANGE_MOMENTS.map((moment) => ({ event: 'change' as const, moment })),
    ...events.map((event) => ({ event, moment: null })),
  ]);
  return Array.from({ length: steps }, () => ({
    ...bag.draw(),
    operations: random.integer(1, 4),
    isOrderly: random.chance(50),
  }));
}
