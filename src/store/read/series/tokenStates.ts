import type { PoolVersionRow } from '../../../model/tables/poolVersion.js';
import { lastOperationId, lastOperationSql } from '../../ids.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { readPoolVersions } from '../tokens/poolVersions.js';

/** The books of a token in one asset. */
export interface SeriesBooks {
  readonly tokenNumber: number;
  /** Number of the books in the asset; that of the token for ETH. */
  readonly bookNumber: number;
}

/** A token at the end of a block. */
export interface TokenState {
  /** `undefined`, as `holders`: not asked for. */
  readonly pools: PoolVersionRow | undefined;
  /** Accounts with a balance above 0. */
  readonly holders: number | undefined;
}

/** What is read of a token. */
export interface StateParts {
  readonly pools: boolean;
  readonly holders: boolean;
}

/** The state of a token at the end of each of some blocks, in their order: a lookup for each part of it. */
export async function readTokenStates(
  db: Queryable,
  { tokenNumber, bookNumber }: SeriesBooks,
  blocks: readonly number[],
  parts: StateParts,
): Promise<TokenState[]> {
  const [holders, pools] = await Promise.all([
    parts.holders ? readHolderCounts(db, tokenNumber, blocks) : undefined,
    parts.pools
      ? readPoolVersions(
          db,
          blocks.map((block) => ({ tokenNumber: bookNumber, block })),
        )
      : undefined,
  ]);
  return blocks.map((_, index) => ({ pools: pools?.[index], holders: holders?.[index] }));
}

async function readHolderCounts(
  db: Queryable,
  tokenNumber: number,
  blocks: readonly number[],
): Promise<number[]> {
  const rows = await readRows<{ readonly ordinal: number; readonly holders: number }>(
    db,
    'holder_counts',
    `SELECT k.ordinal, h.holders
     FROM unnest($2::text[]) WITH ORDINALITY AS k(high, ordinal)
     CROSS JOIN LATERAL (
       SELECT holders FROM holder_count WHERE token_number = $1 AND id <= k.high
       ORDER BY id DESC LIMIT 1
     ) h`,
    [tokenNumber, blocks.map((block) => lastOperationId(tokenNumber, block))],
  );
  const counts = blocks.map(() => 0);
  for (const { ordinal, holders } of rows) counts[Number(ordinal) - 1] = holders;
  return counts;
}

/** Times of the first and the last block up to a block in which the pools of some books changed. */
export async function readLifetime(
  db: Queryable,
  { bookNumber, block }: { readonly bookNumber: number; readonly block: number },
): Promise<{ readonly first: Date; readonly last: Date } | null> {
  const [row] = await readRows<{ readonly first: Date | null; readonly last: Date | null }>(
    db,
    'books_lifetime',
    `SELECT
       (SELECT "timestamp" FROM pool_version WHERE token_number = $1 ORDER BY id LIMIT 1) AS first,
       (SELECT "timestamp" FROM pool_version
        WHERE token_number = $1 AND id <= ${lastOperationSql('$1::integer', '$2::bigint')}
        ORDER BY id DESC LIMIT 1) AS last`,
    [bookNumber, block],
  );
  if (row?.first == null || row.last == null) return null;
  return { first: row.first, last: row.last };
}
