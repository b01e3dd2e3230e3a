import { parseArgs } from 'node:util';
import { wholeNumber } from '../optionValues.js';

export interface GrowthBenchOptions {
  /** Transfers of each turn, ascending. */
  readonly sizes: readonly number[];
  readonly holders: number;
  /** Folder for CPU profiles of the indexer. */
  readonly profileFolder: string | null;
  /** Checks that the bench works: few transfers, and no verdict. */
  readonly isShort: boolean;
}

export const USAGE = `npm run bench:growth -- [options]

  --sizes <n,n>       transfers of each turn       (500000,1000000,2000000,3000000)
  --holders <n>       of the token                 (20000)
  --profile <folder>  write CPU profiles there
  --short             2,000 and 4,000 transfers: whether it works, not how fast
`;

/** `null`: help was asked for. @throws BenchOptionError */
export function parseOptions(argv: readonly string[]): GrowthBenchOptions | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      sizes: { type: 'string' },
      holders: { type: 'string' },
      profile: { type: 'string' },
      short: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  const isShort = values.short;
  const sizes = values.sizes ?? (isShort ? '2000,4000' : '500000,1000000,2000000,3000000');
  return {
    sizes: sizes
      .split(',')
      .map((text) => wholeNumber('sizes', text, 1))
      .sort((one, other) => one - other),
    holders: wholeNumber('holders', values.holders ?? (isShort ? '40' : '20000'), 2),
    profileFolder: values.profile ?? null,
    isShort,
  };
}
