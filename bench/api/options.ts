import { parseArgs } from 'node:util';
import { BenchOptionError } from '../ingest/options.js';
import { QUESTION_NAMES, type QuestionName } from './questions.js';

export interface ApiBenchOptions {
  readonly holders: number;
  readonly runs: number;
  readonly seconds: number;
  readonly connections: number;
  readonly questions: readonly QuestionName[];
  /** Folder for CPU profiles of our own server. */
  readonly profileFolder: string | null;
}

export const USAGE = `npm run bench:api -- [options]

  --holders <n>      of the first token                            (1000000)
  --runs <n>         interleaved runs of both contenders           (3)
  --seconds <n>      of each run                                   (8)
  --connections <n>  at a time                                     (32)
  --only <names>     some of ${QUESTION_NAMES.join(',')}
  --profile <folder> write CPU profiles of our own server there

The books are filled once for each size (some minutes for the default) and kept in bench/.cache.
`;

/** `null`: help was asked for. @throws BenchOptionError */
export function parseOptions(argv: readonly string[]): ApiBenchOptions | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      holders: { type: 'string', default: '1000000' },
      runs: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '8' },
      connections: { type: 'string', default: '32' },
      only: { type: 'string', default: QUESTION_NAMES.join(',') },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  return {
    holders: positive('holders', values.holders),
    runs: positive('runs', values.runs),
    seconds: positive('seconds', values.seconds),
    connections: positive('connections', values.connections),
    questions: names(values.only),
    profileFolder: values.profile ?? null,
  };
}

export function positive(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new BenchOptionError(flag, text, 'a whole number above 0');
}

function names(text: string): QuestionName[] {
  return text.split(',').map((name) => {
    const known = QUESTION_NAMES.find((question) => question === name);
    if (known !== undefined) return known;
    throw new BenchOptionError('only', text, `names out of ${QUESTION_NAMES.join(',')}`);
  });
}
