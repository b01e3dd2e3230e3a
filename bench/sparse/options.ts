import { parseArgs } from 'node:util';
import { BenchOptionError } from '../ingest/options.js';
import { wholeNumber } from '../optionValues.js';

/** What the bench compares. */
export const CONTENDERS = [
  'floor',
  'ranges',
  'state',
  'portal',
  'caching',
  'cache',
  'blocks',
  'library',
  'ponder',
] as const;
export type ContenderName = (typeof CONTENDERS)[number];

export interface SparseOptions {
  /** Blocks to index: all contenders run once for each. The stretched chain has the most of them. */
  readonly blocks: readonly number[];
  /** Every so many blocks one is real and concerns the token. */
  readonly every: number;
  /** Every so many blocks one is a copy of the dense block; 0: none. */
  readonly dense: number;
  /** Blocks for those that read each one. */
  readonly blocksEach: number;
  /** Blocks for Ponder. */
  readonly ponderBlocks: number;
  /** Milliseconds that each answer takes at least: all contenders run once for each. */
  readonly latencies: readonly number[];
  readonly contenders: readonly ContenderName[];
  readonly isVerbose: boolean;
  /** Folder for CPU profiles; `null`: none. */
  readonly profileFolder: string | null;
}

export const USAGE = `npm run bench:sparse -- [options]

  --blocks <n,n>        blocks to index                                 (300000)
  --every <n>           every n-th block is real                        (500)
  --dense <n>           every n-th block is a copy of a dense one       (0: none)
  --blocks-each <n>     blocks for blocks and library                   (6000)
  --ponder-blocks <n>   blocks for Ponder                               (all)
  --latency <ms,ms>     what each answer takes at least                 (0,20,100)
  --only <names>        some of ${CONTENDERS.join(',')}
  --verbose             requests by method
  --profile <folder>    write CPU profiles there

Ponder is installed from npm into bench/.cache/ponder the first time.
`;

/** `null`: help was asked for. @throws BenchOptionError */
export function parseOptions(argv: readonly string[]): SparseOptions | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      blocks: { type: 'string', default: '300000' },
      every: { type: 'string', default: '500' },
      dense: { type: 'string', default: '0' },
      'blocks-each': { type: 'string', default: '6000' },
      'ponder-blocks': { type: 'string' },
      latency: { type: 'string', default: '0,20,100' },
      only: { type: 'string', default: 'floor,ranges,state,portal,caching,cache,blocks,ponder' },
      verbose: { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  return {
    blocks: values.blocks.split(',').map((text) => wholeNumber('blocks', text, 1)),
    every: wholeNumber('every', values.every, 2),
    dense: wholeNumber('dense', values.dense, 0),
    blocksEach: wholeNumber('blocks-each', values['blocks-each'], 1),
    ponderBlocks:
      values['ponder-blocks'] === undefined
        ? Number.POSITIVE_INFINITY
        : wholeNumber('ponder-blocks', values['ponder-blocks'], 1),
    latencies: values.latency.split(',').map((text) => wholeNumber('latency', text, 0)),
    contenders: values.only.split(',').map(contender),
    isVerbose: values.verbose,
    profileFolder: values.profile ?? null,
  };
}

function contender(name: string): ContenderName {
  const known = CONTENDERS.find((one) => one === name);
  if (known !== undefined) return known;
  throw new BenchOptionError('only', name, `names out of ${CONTENDERS.join(',')}`);
}
