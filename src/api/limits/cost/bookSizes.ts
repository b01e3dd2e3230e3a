import type { Queryable } from '../../../store/read/query/queryable.js';
import { readRows } from '../../../store/read/query/statement.js';

/** How large the books are, as far as costs depend on it. */
export interface Sizes {
  /** Rows of the largest table, in millions. */
  readonly millions: number;
  readonly tokens: number;
  readonly chains: number;
}

/** The sizes for costs while the books are unknown. */
export const UNKNOWN_SIZES: Sizes = { millions: 1, tokens: 500, chains: 30 };

/** Figures over small books cost little more than a page. */
const MILLIONS_AT_LEAST = 0.005;
const MILLIONS_AT_MOST = 10;
/** For what is indexed until the sizes are read again. */
const TOKENS_AHEAD = 2;
const CHAINS_AHEAD = 1;
/** A row of a narrow table, with its part of a page. */
const BYTES_OF_A_ROW = 120;
const READ_AFTER_MS = 10_000;
/** The sizes of files take no time, but PostgreSQL waits for locks of their tables. */
const READ_WITHIN_MS = 2_500;

/** Knows how large the books are: read once in a while, from what PostgreSQL knows of its files. */
export class BookSizes {
  private known: Sizes | null = null;
  private readAt = 0;
  private reading: Promise<Sizes> | null = null;

  /** @param dbUntil a database whose statements are cancelled by the signal */
  constructor(private readonly dbUntil: (signal: AbortSignal) => Queryable) {}

  /**
   * At once where they are known, even if they are old.
   *
   * @param waitMs how long to wait for them. A database that does not tell them in this time may have locked
   *   one table, and still answer questions about all others.
   */
  current(waitMs: number): Sizes | Promise<Sizes> {
    if (this.known === null) return within(waitMs, this.read());
    if (Date.now() - this.readAt > READ_AFTER_MS) void this.read();
    return this.known;
  }

  private read(): Promise<Sizes> {
    this.reading ??= readSizes(this.dbUntil(AbortSignal.timeout(READ_WITHIN_MS)))
      .then((sizes) => {
        this.known = sizes;
        this.readAt = Date.now();
        return sizes;
      })
      // A database that does not answer is the answer of the request itself.
      .catch(() => this.known ?? UNKNOWN_SIZES)
      .finally(() => {
        this.reading = null;
      });
    return this.reading;
  }
}

/** The sizes, or those of unknown books if they do not come in time. */
async function within(waitMs: number, sizes: Promise<Sizes>): Promise<Sizes> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<Sizes>((resolve) => {
    timer = setTimeout(resolve, waitMs, UNKNOWN_SIZES);
  });
  try {
    return await Promise.race([sizes, over]);
  } finally {
    clearTimeout(timer);
  }
}

async function readSizes(db: Queryable): Promise<Sizes> {
  const [row] = await readRows<{ bytes: string; tokens: string; chains: string }>(
    db,
    'book_sizes',
    `SELECT (SELECT max(coalesce(
         (SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree(name) WHERE isleaf),
         pg_relation_size(name)))
       FROM unnest('{holder,transfer,receipt,claim}'::regclass[]) AS name)::text AS bytes,
       (SELECT count(*) FROM token WHERE chain_id > 0)::text AS tokens,
       (SELECT count(*) FROM chain_cursor WHERE chain_id > 0)::text AS chains`,
    [],
  );
  if (row === undefined) return UNKNOWN_SIZES;
  const millions = Number(row.bytes) / BYTES_OF_A_ROW / 1_000_000;
  return {
    millions: Math.min(Math.max(millions, MILLIONS_AT_LEAST), MILLIONS_AT_MOST),
    tokens: Number(row.tokens) + TOKENS_AHEAD,
    chains: Number(row.chains) + CHAINS_AHEAD,
  };
}
