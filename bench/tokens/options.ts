import { parseArgs } from 'node:util';
import { FINDER_KINDS } from '../../src/config/source/finderKinds.js';
import type { ChainSpec } from '../node/spec.js';
import { DEFAULT_SPEC } from '../node/spec.js';
import { finderNamed, wholeNumber } from '../optionValues.js';
import type { MeasureOptions } from './measure.js';

export interface TokensBenchOptions extends Omit<MeasureOptions, 'databaseServerUrl'> {
  readonly few: number;
  readonly many: number;
  readonly spec: ChainSpec;
  readonly hasCalls: boolean;
  readonly isOnce: boolean;
}

export const USAGE = `npm run bench:tokens -- [options]

  --few <n>, --many <n>  tokens                                              (3, 300)
  --operations <n>       over all tokens                                     (100000)
  --holders <n>          pairs of token and holder, over all tokens          (6000)
  --gap <n>              empty blocks after each with operations             (3)
  --runs <n>             turns of each                                       (1)
  --finder <name>        one of ${FINDER_KINDS.join(', ')}                   (ranges)
  --listed               the tokens by their addresses, not by the factory
  --calls                how often each method of the node was asked
  --once                 the many alone
  --profiles <folder>    write CPU profiles there
`;

/** `null`: help was asked for. @throws BenchOptionError */
export function parseOptions(argv: readonly string[]): TokensBenchOptions | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      few: { type: 'string', default: '3' },
      many: { type: 'string', default: '300' },
      operations: { type: 'string', default: '100000' },
      holders: { type: 'string', default: '6000' },
      gap: { type: 'string', default: '3' },
      runs: { type: 'string', default: '1' },
      finder: { type: 'string', default: 'ranges' },
      listed: { type: 'boolean', default: false },
      calls: { type: 'boolean', default: false },
      once: { type: 'boolean', default: false },
      profiles: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  return {
    few: wholeNumber('few', values.few, 1),
    many: wholeNumber('many', values.many, 1),
    spec: {
      ...DEFAULT_SPEC,
      operations: wholeNumber('operations', values.operations, 1),
      holders: wholeNumber('holders', values.holders, 1),
      gap: wholeNumber('gap', values.gap, 0),
    },
    runs: wholeNumber('runs', values.runs, 1),
    finder: finderNamed(values.finder),
    by: values.listed ? 'addresses' : 'factory',
    hasCalls: values.calls,
    isOnce: values.once,
    profileFolder: values.profiles ?? null,
  };
}
