import type { SqlClient } from '../../database/sqlClient.js';
import { lastOperationId, lastOperationSql } from '../../ids.js';
import { type Hex, hexOf } from '../../read/query/decode.js';

/** UTC days of a token that are over and final, and not kept yet: those after `after`, in their order. */
export interface NextDays {
  readonly chainId: number;
  readonly tokenNumber: number;
  /** The last block that is kept; -1: none. */
  readonly after: number;
  readonly days: readonly NextDay[];
}

/** A day on which the token has transfers. */
export interface NextDay {
  readonly day: Date;
  readonly firstBlock: number;
  readonly lastBlock: number;
  /** The first final block after the day: it proves that the day is over. */
  readonly proof: { readonly number: number; readonly hash: Hex };
}

/** When the UTC day of the newest final block with operations began; `null`: there is no such block. */
export async function readFinalDay(db: SqlClient, chainId: number): Promise<Date | null> {
  const { rows } = await db.query<{ day: Date }>({
    name: 'final_day',
    text: `SELECT date_trunc('day', b."timestamp", 'UTC') AS day FROM chain_cursor c
      CROSS JOIN LATERAL (SELECT "timestamp" FROM block WHERE chain_id = c.chain_id
        AND number <= c.finalized_height ORDER BY "timestamp" DESC, number DESC LIMIT 1) b
      WHERE c.chain_id = $1`,
    values: [chainId],
  });
  return rows[0]?.day ?? null;
}

/** Where the search for the next days is. Tokens before it have none left. */
export interface DaysPosition {
  number: number;
}

/** Tokens whose kept days are looked up together. */
const TOKENS_AT_ONCE = 500;

/**
 * Returns days of one token of the chain that can be kept, with about `transfersAtOnce` transfers.
 *
 * @param finalDay the start of the newest day that is not over
 * @param position moves on to the token of the answer
 * @returns `null`: all days of all tokens from the position on are kept
 */
export async function readNextDays(
  db: SqlClient,
  chainId: number,
  finalDay: Date,
  { transfersAtOnce, keptFrom }: { readonly transfersAtOnce: number; readonly keptFrom: number },
  position: DaysPosition = { number: 0 },
): Promise<NextDays | null> {
  for (;;) {
    const { rows } = await db.query<{ number: number; last_block: number | string }>({
      name: 'tokens_with_kept_days',
      text: `SELECT t.number, coalesce(
          (SELECT max(last_block) FROM transfer_day WHERE token_number = t.number), -1) AS last_block
        FROM token t WHERE t.chain_id = $1 AND t.number >= $2 ORDER BY t.number LIMIT $3`,
      values: [chainId, position.number, TOKENS_AT_ONCE],
    });
    for (const row of rows) {
      const after = Number(row.last_block);
      const days = await daysOf(db, chainId, finalDay, {
        ...{ tokenNumber: row.number, transfersAtOnce },
        ...{ after, keptFrom: after < 0 ? keptFrom : 0 },
      });
      position.number = row.number;
      if (days !== null) return { chainId, tokenNumber: row.number, after, days };
    }
    if (rows.length < TOKENS_AT_ONCE) return null;
    position.number++;
  }
}

/** @returns `null`: the token has too few transfers, or none after its kept days on a day that is over */
async function daysOf(
  db: SqlClient,
  chainId: number,
  finalDay: Date,
  token: {
    readonly tokenNumber: number;
    readonly after: number;
    readonly transfersAtOnce: number;
    readonly keptFrom: number;
  },
): Promise<NextDay[] | null> {
  const { tokenNumber, keptFrom } = token;
  const after = token.after < 0 ? '' : lastOperationId(tokenNumber, token.after);
  const { rows } = await db.query<{ day: Date }>({
    name: 'first_day_to_keep',
    text: `SELECT date_trunc('day', n."timestamp", 'UTC') AS day FROM (
        SELECT "timestamp" FROM transfer WHERE token_number = $1 AND id > $2 ORDER BY id LIMIT 1
      ) n WHERE n."timestamp" < $3 AND ($4 = 0 OR EXISTS (
        SELECT FROM transfer WHERE token_number = $1 ORDER BY id OFFSET $4 LIMIT 1))`,
    values: [tokenNumber, after, finalDay, keptFrom],
  });
  const [row] = rows;
  if (row === undefined) return null;
  const { transfersAtOnce: transfers } = token;
  return readDays(db, { chainId, tokenNumber, after, firstDay: row.day, finalDay, transfers });
}

interface DaysQuery {
  readonly chainId: number;
  readonly tokenNumber: number;
  readonly after: string;
  readonly firstDay: Date;
  readonly finalDay: Date;
  readonly transfers: number;
}

/** Whole days: the one in which the transfers are enough is the last one. */
async function readDays(
  db: SqlClient,
  { chainId, tokenNumber, after, firstDay, finalDay, transfers }: DaysQuery,
): Promise<NextDay[]> {
  const { rows } = await db.query<{
    day: Date;
    first_block: number | string;
    last_block: number | string;
    number: number | string;
    hash: Buffer;
  }>({
    name: 'next_days',
    text: `WITH enough AS (
        SELECT coalesce((SELECT "timestamp" FROM transfer WHERE token_number = $1 AND id > $2
          ORDER BY id OFFSET $3 LIMIT 1), $5::timestamptz) AS time
      ), days AS (
        SELECT date_trunc('day', t."timestamp", 'UTC') AS day, min(t.block_number) AS first_block,
          max(t.block_number) AS last_block
        FROM enough e JOIN transfer t ON t.token_number = $1 AND t.id > $2
          AND t.id <= (SELECT ${lastOperationSql('$1::integer', 'number')} FROM block
            WHERE chain_id = $4 AND "timestamp" < least($5::timestamptz, greatest(
              $6::timestamptz + interval '1 day', date_trunc('day', e.time, 'UTC')))
            ORDER BY "timestamp" DESC, number DESC LIMIT 1)
        GROUP BY 1
      )
      SELECT d.*, b.number, b.hash FROM days d CROSS JOIN LATERAL (
        SELECT number, hash FROM block WHERE chain_id = $4 AND "timestamp" >= d.day + interval '1 day'
        ORDER BY "timestamp", number LIMIT 1
      ) b ORDER BY d.day`,
    values: [tokenNumber, after, transfers, chainId, finalDay, firstDay],
  });
  return rows.map(({ day, first_block, last_block, number, hash }) => ({
    day,
    firstBlock: Number(first_block),
    lastBlock: Number(last_block),
    proof: { number: Number(number), hash: hexOf(hash) },
  }));
}
