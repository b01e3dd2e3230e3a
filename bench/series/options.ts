import { parseArgs } from 'node:util';
import { positive } from '../api/options.js';

export interface SeriesBenchOptions {
  readonly holders: number;
  /** Requests for each question, after the first ones. */
  readonly runs: number;
}

export const USAGE = `npm run bench:series -- [options]

  --holders <n>  of the token, which has twice as many transfers   (1000000)
  --runs <n>     requests for each series                          (20)

The books are filled once for each size (two minutes for the default) and kept in bench/.cache.
`;

/** `null`: help was asked for. @throws BenchOptionError */
export function parseOptions(argv: readonly string[]): SeriesBenchOptions | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      holders: { type: 'string', default: '1000000' },
      runs: { type: 'string', default: '20' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  return { holders: positive('holders', values.holders), runs: positive('runs', values.runs) };
}
