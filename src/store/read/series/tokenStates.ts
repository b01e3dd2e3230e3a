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
  /** `undefined`, as `holders`: not asked for. */
  readonly pools: PoolVersionRow | undefined;
  /** Accounts with a balance above 0. */
  readonly holders: number | undefined;
}

interface Row extends Partial<PoolVersionColumns> {
  readonly ordinal: number;
  readonly block: number;
  readonly holders?: number | null;
}

/** What is read of a token. */
export interface StateParts {
  readonly pools: boolean;
  readonly holders: boolean;
}

/** The state of a token just before each of some moments, in their order: a lookup for each part of it. */
export async function readTokenStates(
  db: Queryable,
  { chainId, tokenNumber, bookNumber, block }: SeriesBooks,
  moments: readonly Date[],
  parts: StateParts,
): Promise<TokenState[]> {
  const rows = await readRows<Row>(
    db,
    `token_states${parts.holders ? '_holders' : ''}${parts.pools ? '_pools' : ''}`,
    statesSql(parts),
    [
      moments,
      chainId,
      block,
      ...(parts.holders ? [tokenNumber] : []),
      ...(parts.pools ? [bookNumber] : []),
    ],
  );
  const nothing: TokenState = {
    block: null,
    pools: parts.pools ? EMPTY_POOL_VERSION : undefined,
    holders: parts.holders ? 0 : undefined,
  };
  const states = moments.map(() => nothing);
  for (const row of rows) {
    states[Number(row.ordinal) - 1] = {
      block: row.block,
      pools: hasPools(row) ? decodePoolVersion(row) : nothing.pools,
      holders: row.holders ?? nothing.holders,
    };
  }
  return states;
}

function statesSql({ pools, holders }: StateParts): string {
  const columns = ['k.ordinal', 'b.number AS block'];
  const joins: string[] = [];
  let parameter = 3;
  const newest = (name: string, table: string, selected: string) => {
    const number = `$${++parameter}::integer`;
    columns.push(`${name}.*`);
    joins.push(`LEFT JOIN LATERAL (
       SELECT ${selected} FROM ${table} p
       WHERE token_number = ${number} AND id <= ${lastOperationSql(number, 'b.number')}
       ORDER BY id DESC LIMIT 1
     ) ${name} ON true`);
  };
  if (holders) newest('h', 'holder_count', 'holders');
  if (pools) newest('v', POOL_VERSION.name, rowColumns(POOL_VERSION, 'p').join(', '));
  return `SELECT ${columns.join(', ')}
     FROM unnest($1::timestamptz[]) WITH ORDINALITY AS k(moment, ordinal)
     CROSS JOIN LATERAL (
       SELECT number FROM block
       WHERE chain_id = $2 AND "timestamp" < k.moment AND number <= $3
       ORDER BY "timestamp" DESC, number DESC LIMIT 1
     ) b
     ${joins.join(' ')}`;
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
