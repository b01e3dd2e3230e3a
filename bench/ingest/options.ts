import { parseArgs } from 'node:util';
import type { ChainSpec } from './chainSpec.js';
import { CONTENDERS, type ContenderName } from './contenders.js';

export interface BenchOptions {
  readonly runs: number;
  readonly chain: ChainSpec;
  readonly contenders: readonly ContenderName[];
  /** Folder for CPU profiles of our own indexer. */
  readonly profileFolder: string | null;
}

/** A flag has a value that makes no sense. */
export class BenchOptionError extends Error {
  readonly code = 'BENCH_OPTION_INVALID';

  constructor(flag: string, value: string, wanted: string) {
    super(`--${flag} ${value}: write ${wanted}`);
    this.name = 'BenchOptionError';
  }
}

export const USAGE = `npm run bench:ingest -- [options]

  --runs <n>         interleaved runs of every contender           (3)
  --transfers <n>    transfers on the chain                        (500000)
  --holders <n>      among so many holders                         (20000)
  --blocks <n>       in so many blocks                             (5000)
  --only <names>     some of ${CONTENDERS.join(',')}
  --profile <folder> write CPU profiles of our own indexer there

Ponder is installed from npm into bench/.cache/ponder the first time.
The chain is built once for each size (two minutes for the default) and kept in bench/.cache.
`;

/** `null`: help was asked for. @throws BenchOptionError */
export function parseOptions(argv: readonly string[]): BenchOptions | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      runs: { type: 'string', default: '3' },
      transfers: { type: 'string', default: '500000' },
      holders: { type: 'string', default: '20000' },
      blocks: { type: 'string', default: '5000' },
      only: { type: 'string', default: CHOSEN_BY_DEFAULT },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  return {
    runs: positive('runs', values.runs),
    chain: {
      transfers: positive('transfers', values.transfers),
      holders: positive('holders', values.holders),
      blocks: positive('blocks', values.blocks),
    },
    contenders: contenders(values.only),
    profileFolder: values.profile ?? null,
  };
}

const CHOSEN_BY_DEFAULT = 'ours,floor,nothing,plain,ponder,ponder-cached';
/** Who has to run before. */
const NEEDED: Readonly<Partial<Record<ContenderName, ContenderName>>> = {
  floor: 'ours',
  'ponder-cached': 'ponder',
  cached: 'caching',
};

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new BenchOptionError(flag, text, 'a whole number above 0');
}

function contenders(text: string): ContenderName[] {
  const chosen = text.split(',').map((name) => {
    const known = CONTENDERS.find((contender) => contender === name);
    if (known !== undefined) return known;
    throw new BenchOptionError('only', text, `names out of ${CONTENDERS.join(',')}`);
  });
  const all = new Set(chosen.flatMap((one) => [one, NEEDED[one] ?? one]));
  return CONTENDERS.filter((one) => all.has(one));
}
