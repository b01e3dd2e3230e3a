import { parseArgs } from 'node:util';
import { BenchOptionError } from '../ingest/options.js';
import { wholeNumber } from '../optionValues.js';

/** What is measured, in this order. Every part needs the books of `ingest`. */
export const WIDE_PARTS = ['ingest', 'snapshot', 'lists', 'export', 'root', 'audit'] as const;
export type WidePart = (typeof WIDE_PARTS)[number];

export interface WideBenchOptions {
  /** Holders to compare with. */
  readonly few: number;
  readonly many: number;
  readonly transfers: number;
  readonly snapshots: number;
  readonly parts: readonly WidePart[];
  /** Whether only the many are indexed. */
  readonly isOnce: boolean;
  /** Folder for CPU profiles of indexer and audit. */
  readonly profileFolder: string | null;
  /** Checks that the bench works: few holders, and no verdict. */
  readonly isShort: boolean;
}

export const USAGE = `npm run bench:wide -- [options]

  --many <n>          holders                                        (1000000)
  --few <n>           holders to compare the rate with               (20000)
  --transfers <n>     of the token, the first one of each holder in  (1500000)
  --snapshots <n>     of the token, about                            (30)
  --only <names>      some of ${WIDE_PARTS.join(',')}
  --once              index only the many
  --profile <folder>  write CPU profiles of indexer and audit there
  --short             300 holders: whether it works, not how fast
`;

/** `null`: help was asked for. @throws BenchOptionError */
export function parseOptions(argv: readonly string[]): WideBenchOptions | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      few: { type: 'string', default: '20000' },
      many: { type: 'string' },
      transfers: { type: 'string' },
      snapshots: { type: 'string' },
      only: { type: 'string', default: WIDE_PARTS.join(',') },
      once: { type: 'boolean', default: false },
      profile: { type: 'string' },
      short: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  const isShort = values.short;
  return {
    few: wholeNumber('few', values.few, 2),
    many: wholeNumber('many', values.many ?? (isShort ? '300' : '1000000'), 2),
    transfers: wholeNumber('transfers', values.transfers ?? (isShort ? '1200' : '1500000'), 1),
    snapshots: wholeNumber('snapshots', values.snapshots ?? (isShort ? '4' : '30'), 1),
    parts: values.only.split(',').map(partNamed),
    isOnce: values.once || isShort,
    profileFolder: values.profile ?? null,
    isShort,
  };
}

function partNamed(text: string): WidePart {
  const known = WIDE_PARTS.find((part) => part === text);
  if (known !== undefined) return known;
  throw new BenchOptionError('only', text, `names out of ${WIDE_PARTS.join(',')}`);
}
