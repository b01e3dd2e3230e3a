import {
  decodePoolVersion,
  POOL_VERSION,
  type PoolVersionColumns,
  type PoolVersionRow,
} from '../../../model/tables/poolVersion.js';
import { lastOperationSql } from '../../ids.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { rowColumns } from '../query/tableRow.js';
import { EMPTY_POOL_VERSION } from '../tokens/poolVersions.js';

/** The books of a token in one asset, up to a block. */
export interface SeriesBooks {
  readonly chainId: number;
  readonly tokenNumber: number;
  /** Number of the books in the asset; that of the token for ETH. */
  readonly bookNumber: number;
  /** Nothing after it counts. */
  readonly block: number;
}

/** A token just before a moment. */
export interface TokenState {
  /** The newest indexed block before the moment that has operations; `null`: there is none. */
  readonly block: number | null;
  readonly pools: PoolVersionRow;
  /** Accounts with a balance above 0. */
  readonly holders: number;
}

interface Row extends Partial<PoolVersionColumns> {
  readonly ordinal: number;
  readonly block: number;
  readonly holders: number | null;
}

const NOTHING: TokenState = { block: null, pools: EMPTY_POOL_VERSION, holders: 0 };

/** The state of a token just before each of some moments, in their order: three lookups a moment. */
export async function readTokenStates(
  db: Queryable,
  { chainId, tokenNumber, bookNumber, block }: SeriesBooks,
  moments: readonly Date[],
): Promise<TokenState[]> {
  const rows = await readRows<Row>(
    db,
    'token_states',
    `SELECT k.ordinal, b.number AS block, h.holders, v.*
     FROM unnest($1::timestamptz[]) WITH ORDINALITY AS k(moment, ordinal)
     CROSS JOIN LATERAL (
       SELECT number FROM block
       WHERE chain_id = $2 AND "timestamp" < k.moment AND number <= $5
       ORDER BY "timestamp" DESC, number DESC LIMIT 1
     ) b
     LEFT JOIN LATERAL (
       SELECT holders FROM holder_count
       WHERE token_number = $3 AND id <= ${lastOperationSql('$3::integer', 'b.number')}
       ORDER BY id DESC LIMIT 1
     ) h ON true
     LEFT JOIN LATERAL (
       SELECT ${rowColumns(POOL_VERSION, 'p').join(', ')} FROM pool_version p
       WHERE token_number = $4 AND id <= ${lastOperationSql('$4::integer', 'b.number')}
       ORDER BY id DESC LIMIT 1
     ) v ON true`,
    [moments, chainId, tokenNumber, bookNumber, block],
  );
  const states = moments.map(() => NOTHING);
  for (const row of rows) {
    states[Number(row.ordinal) - 1] = {
      block: row.block,
      pools: hasPools(row) ? decodePoolVersion(row) : EMPTY_POOL_VERSION,
      holders: row.holders ?? 0,
    };
  }
  return states;
}

function hasPools(row: Row): row is Row & PoolVersionColumns {
  return row.balance_wei != null;
}

/** The newest block with operations of the chain before each of some moments; -1 where there is none. */
export async function readBlocksBefore(
  db: Queryable,
  { chainId, block }: Pick<SeriesBooks, 'chainId' | 'block'>,
  moments: readonly Date[],
): Promise<number[]> {
  const rows = await readRows<{ readonly ordinal: number; readonly number: number }>(
    db,
    'blocks_before',
    `SELECT k.ordinal, b.number
     FROM unnest($1::timestamptz[]) WITH ORDINALITY AS k(moment, ordinal)
     CROSS JOIN LATERAL (
       SELECT number FROM block
       WHERE chain_id = $2 AND "timestamp" < k.moment AND number <= $3
       ORDER BY "timestamp" DESC, number DESC LIMIT 1
     ) b`,
    [moments, chainId, block],
  );
  const blocks = moments.map(() => -1);
  for (const { ordinal, number } of rows) blocks[Number(ordinal) - 1] = number;
  return blocks;
}

/** Times of the first and the last block up to a block in which the pools of some books changed. */
export async function readLifetime(
  db: Queryable,
  { bookNumber, block }: Pick<SeriesBooks, 'bookNumber' | 'block'>,
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
