import { parseArgs } from 'node:util';
import { FINDER_KINDS, type FinderKind } from '../../src/config/source/finderKinds.js';
import { positive } from '../api/options.js';
import { finderNamed, wholeNumber } from '../optionValues.js';

export interface OfferingBenchOptions {
  readonly operations: number;
  readonly holders: number;
  readonly transactionsPerBlock: number;
  /** Empty blocks after each with operations. */
  readonly gap: number;
  /** What each answer of the node takes, in milliseconds: one turn for each. */
  readonly latenciesMs: readonly number[];
  readonly traceMs: number;
  readonly finder: FinderKind;
  readonly runs: number;
  /** Whether to say how often each method was asked. */
  readonly hasCalls: boolean;
  /** Folder for CPU profiles of the indexer. */
  readonly profileFolder: string | null;
  /** Checks that the bench works: few operations, and no verdict. */
  readonly isShort: boolean;
}

export const USAGE = `npm run bench:offering -- [options]

  --operations <n>    of the offering, transfers among them              (300000)
  --holders <n>       of its token                                       (20000)
  --transactions <n>  in a block                                         (40)
  --gap <n>           empty blocks after each with operations            (3)
  --latency <ms,ms>   what each answer of the node takes                 (0,100)
  --trace-ms <ms>     what debug_trace… takes for each transaction       (2)
  --finder <name>     one of ${FINDER_KINDS.join(', ')}   (ranges)
  --runs <n>          turns for each latency                             (1)
  --calls             how often each method was asked
  --profile <folder>  write CPU profiles there
  --short             1,500 operations among 40 holders: whether it works, not how fast
`;

/** `null`: help was asked for. @throws BenchOptionError */
export function parseOptions(argv: readonly string[]): OfferingBenchOptions | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      operations: { type: 'string' },
      holders: { type: 'string' },
      transactions: { type: 'string', default: '40' },
      gap: { type: 'string', default: '3' },
      latency: { type: 'string', default: '0,100' },
      'trace-ms': { type: 'string', default: '2' },
      finder: { type: 'string', default: 'ranges' },
      runs: { type: 'string', default: '1' },
      calls: { type: 'boolean', default: false },
      profile: { type: 'string' },
      short: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  const isShort = values.short;
  return {
    isShort,
    operations: positive('operations', values.operations ?? (isShort ? '1500' : '300000')),
    holders: positive('holders', values.holders ?? (isShort ? '40' : '20000')),
    transactionsPerBlock: positive('transactions', values.transactions),
    gap: wholeNumber('gap', values.gap, 0),
    latenciesMs: values.latency.split(',').map((text) => wholeNumber('latency', text, 0)),
    traceMs: wholeNumber('trace-ms', values['trace-ms'], 0),
    finder: finderNamed(values.finder),
    runs: positive('runs', values.runs),
    hasCalls: values.calls,
    profileFolder: values.profile ?? null,
  };
}
