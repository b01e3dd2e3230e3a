import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { DatabaseSubject } from './database.js';

const APART_MS = 30_000;

const KINDS = {
  DATABASE_CLOCK: {
    severity: 'note',
    means: 'the clock of the database server differs from that of this machine',
    remedy:
      'Correct the clock of one of the two machines (NTP): times of audits and holds come from both.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Whether the server has the time of this machine. */
export const databaseClock: Check<DatabaseSubject> = {
  name: 'clock',
  kinds: KINDS,
  async run({ about, pool, now }) {
    const before = now();
    const { rows } = await pool.query<{ time: Date }>('SELECT clock_timestamp() AS time');
    const after = now();
    return rows.flatMap(({ time }) => {
      const apart = Math.max(before - time.getTime(), time.getTime() - after, 0);
      if (apart <= APART_MS) return [];
      const differs = `its clock says ${time.toISOString()}, ${Math.round(apart / 1000)} s from that of this machine`;
      return [found.DATABASE_CLOCK(about, differs)];
    });
  },
};
