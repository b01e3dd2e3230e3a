import { parseArgs } from 'node:util';
import { namesOf, wholeNumber } from '../optionValues.js';

/** What is measured, in this order. */
export const SCALE_PARTS = ['slopes', 'partitions', 'groups', 'servers'] as const;
export type ScalePart = (typeof SCALE_PARTS)[number];

export interface ScaleBenchOptions {
  readonly parts: readonly ScalePart[];
  /** Transfers of the smallest chain of `slopes`; another one has three times as many. */
  readonly transfers: number;
  /** Of `partitions`: they share the operations. */
  readonly tokens: number;
  /** Of `partitions`, and of `groups`. */
  readonly operations: number;
  /** How many processes index one chain. */
  readonly groups: readonly number[];
  /** What each answer of the node of `groups` takes at least. */
  readonly latencyMs: number;
  /** How many partitions each large table has; 0: it is not partitioned. */
  readonly partitions: readonly number[];
  /** Of the largest token that the servers answer about. */
  readonly holders: number;
  readonly connections: number;
  readonly seconds: number;
  /** Checks that the bench works: small books, and a few requests. */
  readonly isShort: boolean;
}

export const USAGE = `npm run bench:scale -- [options]

  --only <names>        some of ${SCALE_PARTS.join(',')}
  --transfers <n>       of the smallest chain of slopes           (50000)
  --tokens <n>          of partitions                             (256)
  --operations <n>      of partitions and groups, over all tokens (60000)
  --partitions <list>   of each large table; 0: not partitioned   (0,1,16,256)
  --groups <list>       processes that index one chain            (1,2)
  --latency <ms>        of the node of groups                     (50)
  --holders <n>         of the largest token of servers           (100000)
  --connections <n>     that ask the servers at once              (32)
  --seconds <n>         of each load                              (5)
  --short               small books: whether it works, not how fast
`;

/** `null`: help was asked for. @throws BenchOptionError */
export function parseOptions(argv: readonly string[]): ScaleBenchOptions | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string', default: SCALE_PARTS.join(',') },
      transfers: { type: 'string' },
      tokens: { type: 'string' },
      operations: { type: 'string' },
      partitions: { type: 'string' },
      groups: { type: 'string' },
      latency: { type: 'string' },
      holders: { type: 'string' },
      connections: { type: 'string' },
      seconds: { type: 'string', default: '5' },
      short: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  const isShort = values.short;
  const number = (
    flag: 'transfers' | 'tokens' | 'operations' | 'holders',
    full: number,
    few: number,
  ) => wholeNumber(flag, values[flag] ?? String(isShort ? few : full), 1);
  const partitions = values.partitions ?? (isShort ? '2' : '0,1,16,256');
  return {
    parts: namesOf('only', values.only, SCALE_PARTS),
    transfers: number('transfers', 50_000, 200),
    tokens: number('tokens', 256, 4),
    operations: number('operations', 60_000, 200),
    partitions: partitions.split(',').map((text) => wholeNumber('partitions', text, 0)),
    groups: (values.groups ?? (isShort ? '2' : '1,2'))
      .split(',')
      .map((text) => wholeNumber('groups', text, 1)),
    latencyMs: wholeNumber('latency', values.latency ?? (isShort ? '1' : '50'), 0),
    holders: number('holders', 100_000, 200),
    connections: wholeNumber('connections', values.connections ?? (isShort ? '2' : '32'), 1),
    seconds: wholeNumber('seconds', values.seconds, 1),
    isShort,
  };
}
