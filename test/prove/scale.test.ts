import { expect, it } from 'vitest';
import { hasPgbouncer } from '../support/programs/pgbouncer.js';
import { PromotedPair } from './scale/databasePair.js';
import { proveScale, scaleFaults } from './scale/proveScale.js';

const isThere = await hasPgbouncer();
if (!isThere) process.stderr.write('skipped: PgBouncer is missing (apt-get install pgbouncer)\n');

it.runIf(isThere)(
  'clients get every answer, and none that is wrong, while a standby takes over and processes are killed (long: npm run prove:scale)',
  async () => {
    const lines: string[] = [];
    const report = await proveScale({
      seed: 7641,
      rounds: 1,
      clients: 3,
      pauseMs: 40,
      chains: { operations: 12, indexed: 1 },
      answersBetween: 8,
      earlierBlocks: 1,
      openPair: () => PromotedPair.create(),
      say: (line) => lines.push(line),
    });
    expect(scaleFaults(report), lines.join('\n')).toEqual([]);
    expect(report.failOvers).toBe(1);
    expect(report.kills).toBe(2);
    expect(report.served).toBeGreaterThan(60);
    expect(report.cacheHits).toBeGreaterThan(0);
    expect(report.retries).toBeGreaterThan(0);
    expect(report.figures).toBeGreaterThan(200);
    expect(report.ages.old).toBeGreaterThan(0);
    expect(report.conflicts).toBeGreaterThan(0);
  },
  600_000,
);
