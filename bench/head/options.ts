import { parseArgs } from 'node:util';
import { positive } from '../api/options.js';
import { BenchOptionError } from '../ingest/options.js';

/** How the indexer hears of a new block. */
export const WAYS = ['newHeads', 'poll'] as const;
export type Way = (typeof WAYS)[number];

export interface HeadBenchOptions {
  /** Blocks that are measured, after the first ones. */
  readonly blocks: number;
  readonly blockMs: number;
  readonly operations: number;
  /** Of the turn that asks for the head at a fixed interval. */
  readonly pollMs: number;
  readonly ways: readonly Way[];
}

export const USAGE = `npm run bench:head -- [options]

  --blocks <n>      that are measured in each turn                    (400)
  --block-ms <n>    from one block to the next                        (250)
  --operations <n>  transfers in each block                           (100)
  --poll-ms <n>     of the turn that asks for the head (from 100 on)  (1000)
  --only <ways>     some of ${WAYS.join(',')}
`;

/** `null`: help was asked for. @throws BenchOptionError */
export function parseOptions(argv: readonly string[]): HeadBenchOptions | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      blocks: { type: 'string', default: '400' },
      'block-ms': { type: 'string', default: '250' },
      operations: { type: 'string', default: '100' },
      'poll-ms': { type: 'string', default: '1000' },
      only: { type: 'string', default: WAYS.join(',') },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  return {
    blocks: positive('blocks', values.blocks),
    blockMs: positive('block-ms', values['block-ms']),
    operations: positive('operations', values.operations),
    pollMs: positive('poll-ms', values['poll-ms']),
    ways: values.only.split(',').map(wayNamed),
  };
}

function wayNamed(text: string): Way {
  const known = WAYS.find((way) => way === text);
  if (known !== undefined) return known;
  throw new BenchOptionError('only', text, `some of ${WAYS.join(',')}`);
}
