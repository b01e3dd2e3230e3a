import type { ReaderRun } from './proveWorlds.js';

/** Runs that once found a difference stay for ever: `npm run prove:reader -- --known`. */
export const FAILED_RUNS: readonly (ReaderRun & { readonly was: string })[] = [
  {
    ...{ seed: 1602, lives: 2, steps: 12, demo: true },
    was: 'the proof took one of several claims of a snapshot for all of them, where a statement has several accounts',
  },
  {
    ...{ seed: 16, lives: 2, steps: 10, demo: false },
    was: 'a statement from a block to a later time was refused, where nothing had happened in between',
  },
  {
    ...{ seed: 360477, lives: 1, steps: 2, demo: false },
    was: 'the proof read a PDF with a ligature ("config") one glyph further on, so its figures said 0',
  },
];

/** The life of the suite: short, but with everything that a surface says. */
export const SHORT_LIFE = {
  ...{ seed: 11, operationsBefore: 12, rounds: 4, assetOperations: 40 },
  draws: 2,
} as const;
