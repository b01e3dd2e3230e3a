import { expect, it } from 'vitest';
import { SeededRandom } from '../../devnet/random.js';
import { describeLife } from './life/describeLife.js';
import { CHANGE_MOMENTS, lifeSteps } from './life/lifeSteps.js';
import { proveLife } from './life/proveLife.js';
import { LIFE_SEEDS } from './life/seeds.js';

it.each(LIFE_SEEDS)(
  'a config that changes while the process is killed and the chain forks has the books of a fresh ' +
    'index: seed $seed (long: npm run prove:life)',
  async ({ seed, steps }) => {
    const lines: string[] = [];
    const report = await proveLife({ steps, seed, say: (line) => lines.push(line) });
    const about = [...lines, describeLife(report)].join('\n');
    expect(report.differences, about).toEqual([]);
    expect(report.mismatches, about).toEqual([]);
    expect(report.mismatchCount, about).toBe(0);
    for (const count of [report.changes, report.kills, report.hashes, report.figures]) {
      expect(count, about).toBeGreaterThan(0);
    }
    expect(report.rows, about).toBeGreaterThan(300);
  },
  600_000,
);

it('a life of 60 steps changes the config 20 times, is killed and forked, and meets every moment', () => {
  const steps = lifeSteps(new SeededRandom('life'), { steps: 60, deep: true });
  const changes = steps.filter(({ event }) => event === 'change');
  expect(changes.length).toBeGreaterThan(20);
  expect(new Set(changes.map(({ moment }) => moment))).toEqual(new Set(CHANGE_MOMENTS));
  for (const event of ['kill', 'fork', 'deep fork', 'node fails'] as const) {
    expect(steps.filter((step) => step.event === event).length).toBeGreaterThan(0);
  }
});
