import { expect, it } from 'vitest';
import { freshDatabase } from '../support/databases/postgres.js';
import { isSilent } from './odd/oddReport.js';
import { proveOdd } from './odd/proveOdd.js';
import { ODD_SEEDS, PROVEN } from './odd/seeds.js';

it.each(ODD_SEEDS)(
  'no figure of an odd contract is silently wrong: seed %i (long: npm run prove:odd)',
  async (seed) => {
    const lines: string[] = [];
    const verdicts = await proveOdd({
      seed,
      contracts: 12,
      operations: 30,
      choice: PROVEN,
      newDatabase: freshDatabase,
      say: (line) => lines.push(line),
    });
    expect(verdicts.filter(isSilent), lines.join('\n')).toEqual([]);
    // Whatever is not exact names the contract and the difference.
    const unnamed = verdicts.filter(
      ({ outcome, difference, address }) =>
        outcome !== 'exact' && !difference?.toLowerCase().includes(address),
    );
    expect(unnamed).toEqual([]);
    // What is held was right up to the end of its books.
    const late = verdicts.filter(({ outcome, wrong }) => outcome === 'held' && wrong.length > 0);
    expect(late).toEqual([]);
    expect(verdicts.filter(({ outcome }) => outcome === 'exact').length).toBeGreaterThan(2);
    expect(verdicts.reduce((sum, { figures }) => sum + figures, 0)).toBeGreaterThan(2000);
  },
);
