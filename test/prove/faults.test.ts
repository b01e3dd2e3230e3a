import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { SeededRandom } from '../../devnet/random.js';
import { describeReport } from './faults/faultReport.js';
import { HOSTILITIES } from './faults/hostiles.js';
import { proveFaults } from './faults/proveFaults.js';
import {
  type FaultEvent,
  planOf,
  RPC_FAULTS_PER_MINUTE,
  STEPS_PER_MINUTE,
} from './faults/schedule.js';
import { FAULT_SOURCES } from './faults/sourceDeal.js';

/** Seeds that once failed stay in the file for ever. */
const failingSeeds = new URL('./faults/failingSeeds.json', import.meta.url);
const SEEDS = z
  .array(
    z.object({
      seed: z.int(),
      source: z.enum(FAULT_SOURCES),
      minutes: z.number(),
      hostilities: z.array(z.enum(HOSTILITIES)),
      endpoints: z.int(),
    }),
  )
  .parse(JSON.parse(readFileSync(failingSeeds, 'utf8')));

// Each waits for processes most of the time: they do it together.
it.concurrent.each(SEEDS)(
  'after kills, restarts, forks and wrong answers the books are those of a clean index: ' +
    'seed $seed, final blocks from $source (long: npm run prove:faults)',
  async ({ seed, source, minutes, hostilities, endpoints }) => {
    const lines: string[] = [];
    const say = (line: string) => lines.push(line);
    const report = await proveFaults({ minutes, seed, source, hostilities, endpoints, say });
    const about = [...lines, describeReport(report)].join('\n');
    expect(report.differences, about).toEqual([]);
    expect(report.mismatches, about).toEqual([]);
    expect(report.mismatchCount, about).toBe(0);
    const { kills, reorgs, rpcFaults, databaseRestarts, advances } = report;
    for (const count of [kills, reorgs, rpcFaults, databaseRestarts, advances]) {
      expect(count, about).toBeGreaterThan(0);
    }
    if (source === 'all') {
      expect(report.sourceFaults, about).toBeGreaterThan(0);
      expect(Object.keys(report.indexedAnew).length, about).toBeGreaterThan(1);
    }
    // Each of their books ended at the right block: other ends are differences.
    expect(report.hostiles).toBe(hostilities.filter((one) => one !== 'storm').length);
    expect(report.hostiles).toBeGreaterThan(0);
    expect(report.rows).toBeGreaterThan(500);
    expect(report.figures).toBeGreaterThan(200);
  },
  900_000,
);

it('a plan of ten minutes has 60 kills, 60 forks, 2,000 RPC faults and 10 restarts at least', () => {
  const plan = planOf(new SeededRandom('plan'), { minutes: 10, deep: true, sources: true });
  const count = (...events: FaultEvent[]) => plan.filter((event) => events.includes(event)).length;
  expect(count('kill', 'kill while it writes')).toBeGreaterThanOrEqual(60);
  expect(count('fork', 'deep fork')).toBeGreaterThanOrEqual(60);
  expect(count('restart the database')).toBeGreaterThanOrEqual(10);
  expect(count('index anew')).toBeGreaterThanOrEqual(60);
  expect((plan.length / STEPS_PER_MINUTE) * RPC_FAULTS_PER_MINUTE).toBeGreaterThanOrEqual(2_000);
});
