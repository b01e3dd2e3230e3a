import { expect, it } from 'vitest';
import { SeededRandom } from '../../devnet/random.js';
import { ShuffleBag } from './life/bag.js';
import { describeDraws, describeLife } from './life/describeLife.js';
import { CHANGE_MOMENTS, LIFE_EVENTS, lifeSteps, STEPS_OF_A_WHOLE_LIFE } from './life/lifeSteps.js';
import { proveLife } from './life/proveLife.js';
import { LIFE_SEEDS } from './life/seeds.js';

it.each(LIFE_SEEDS)(
  'a config that changes while the process is killed and the chain forks has the books of a fresh ' +
    'index: seed $seed (long: npm run prove:life)',
  async ({ seed, steps, operationsBefore }) => {
    const lines: string[] = [];
    const report = await proveLife({
      steps,
      seed,
      operationsBefore,
      say: (line) => lines.push(line),
    });
    const about = [...lines, describeLife(report), describeDraws(report)].join('\n');
    expect(report.differences, about).toEqual([]);
    expect(report.mismatches, about).toEqual([]);
    expect(report.mismatchCount, about).toBe(0);
    for (const count of [report.changes, report.kills, report.hashes, report.figures]) {
      expect(count, about).toBeGreaterThan(0);
    }
    expect(report.rows, about).toBeGreaterThan(150);
  },
  600_000,
);

it('everything that may happen to an index happens within twelve steps of a life', () => {
  const random = new SeededRandom('life');
  const steps = lifeSteps(random, { steps: 3 * STEPS_OF_A_WHOLE_LIFE, deep: true });
  expect(STEPS_OF_A_WHOLE_LIFE).toBe(12);
  const kinds = new Set<string>([...CHANGE_MOMENTS, ...LIFE_EVENTS]);
  for (const start of [0, 12, 24]) {
    const some = steps.slice(start, start + STEPS_OF_A_WHOLE_LIFE);
    expect(new Set(some.map(({ event, moment }) => moment ?? event))).toEqual(kinds);
  }
});

it('what cannot be drawn now stays in the bag and is drawn as soon as it can', () => {
  const bag = new ShuffleBag(new SeededRandom(1), ['a', 'b', 'c']);
  const drawn = Array.from({ length: 4 }, () => bag.draw((item) => item !== 'c'));
  expect(drawn.sort()).toEqual(['a', 'a', 'b', 'b']);
  expect(bag.draw()).toBe('c');
  expect(() => bag.draw(() => false)).toThrow(RangeError);
});
