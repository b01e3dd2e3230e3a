import { parseArgs } from 'node:util';
import { BenchOptionError } from '../ingest/options.js';
import { PEER_NAMES, type PeerName } from './peers.js';
import { QUESTION_NAMES, type QuestionName } from './questions.js';

export interface ApiBenchOptions {
  readonly holders: number;
  readonly runs: number;
  readonly seconds: number;
  /** Numbers of connections at a time, each measured on its own. */
  readonly connections: readonly number[];
  readonly questions: readonly QuestionName[];
  /** Servers of others that answer what they can of it. */
  readonly peers: readonly PeerName[];
  /** Folder for CPU profiles of our own server. */
  readonly profileFolder: string | null;
  /** Checks that the bench works: nothing is measured, and nothing is kept. */
  readonly isShort: boolean;
}

export const USAGE = `npm run bench:api -- [options]

  --holders <n>       of the first token                           (1000000)
  --runs <n>          interleaved runs of both contenders          (3)
  --seconds <n>       of each run                                  (4)
  --connections <ns>  at a time, each measured on its own          (1,32,256)
  --only <names>      some of ${QUESTION_NAMES.join(',')}
  --peers <names>     some of ${PEER_NAMES.join(',')}, or none     (all; none with --short)
  --profile <folder>  write CPU profiles of our own server there
  --short             small books, a few requests: whether it works, not how fast

The peers are installed from npm into bench/.cache the first time.
The books are filled once for each size (some minutes for the default) and kept in bench/.cache.
`;

/** `null`: help was asked for. @throws BenchOptionError */
export function parseOptions(argv: readonly string[]): ApiBenchOptions | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      holders: { type: 'string' },
      runs: { type: 'string' },
      seconds: { type: 'string', default: '4' },
      connections: { type: 'string' },
      only: { type: 'string', default: QUESTION_NAMES.join(',') },
      peers: { type: 'string' },
      profile: { type: 'string' },
      short: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  const isShort = values.short;
  const connections = values.connections ?? (isShort ? '2' : '1,32,256');
  return {
    holders: positive('holders', values.holders ?? (isShort ? '500' : '1000000')),
    runs: positive('runs', values.runs ?? (isShort ? '1' : '3')),
    seconds: positive('seconds', values.seconds),
    connections: connections.split(',').map((text) => positive('connections', text)),
    questions: names('only', values.only, QUESTION_NAMES),
    peers: peersOf(values.peers ?? (isShort ? NO_PEERS : PEER_NAMES.join(','))),
    profileFolder: values.profile ?? null,
    isShort,
  };
}

export function positive(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new BenchOptionError(flag, text, 'a whole number above 0');
}

const NO_PEERS = 'none';

function peersOf(text: string): PeerName[] {
  return text === NO_PEERS ? [] : names('peers', text, PEER_NAMES);
}

function names<Name extends string>(flag: string, text: string, all: readonly Name[]): Name[] {
  return text.split(',').map((name) => {
    const known = all.find((one) => one === name);
    if (known !== undefined) return known;
    throw new BenchOptionError(flag, text, `names out of ${all.join(',')}`);
  });
}
