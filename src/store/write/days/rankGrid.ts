import type { ClientBase } from 'pg';
import type { SqlClient } from '../../database/sqlClient.js';
import { keysIn, keysUpTo, rankKey } from '../../rankKeys.js';
import type { NextDays } from './nextDays.js';

/** As many as fit into one row of a day, which PostgreSQL then keeps in one place. */
const PAGES_AT_MOST = 448;
/** Holders whose balances decide where pages begin. */
const SAMPLED_HOLDERS = 5_000;
/** Pages that are so many times as long as they were when they were cut are cut again. */
const GROWTH_AT_MOST = 4;
const CHANGES_AT_LEAST = 100_000;
/** A transfer takes two holders from their places to others. */
const CHANGES_OF_TRANSFER = 4;

/** The pages of a token. */
export interface RankGrid {
  /** How many holders are before each page at the end of the last kept day. */
  readonly above: readonly number[];
  pageOf(key: Buffer): number;
  /** Notes that there are so many changes more, in the caller's transaction. */
  write(db: SqlClient, changes: number): Promise<void>;
}

/**
 * Opens the pages of a token. Those of a new token are cut so that its balances of all days so far, at the end of
 * each day, fill all pages alike.
 */
export async function openRankGrid(db: SqlClient, next: NextDays): Promise<RankGrid> {
  const { rows } = await db.query<{ bounds: Buffer; above: number[] | null }>({
    name: 'rank_grid',
    text: `SELECT g.bounds, (SELECT above FROM rank_day WHERE token_number = $1 AND last_block = $2) AS above
      FROM rank_grid g WHERE g.token_number = $1`,
    values: [next.tokenNumber, next.after],
  });
  const [row] = rows;
  if (row !== undefined) return new OpenGrid(next.tokenNumber, keysIn(row.bounds), row.above);
  return new OpenGrid(next.tokenNumber, await cutPages(db, next), null);
}

class OpenGrid implements RankGrid {
  readonly above: readonly number[];

  constructor(
    private readonly tokenNumber: number,
    private readonly bounds: readonly Buffer[],
    above: readonly number[] | null,
  ) {
    this.above = above ?? Array.from({ length: bounds.length + 1 }, () => 0);
  }

  pageOf(key: Buffer): number {
    return keysUpTo(this.bounds, key, 0, key.length);
  }

  async write(db: SqlClient, changes: number): Promise<void> {
    const { rowCount } = await db.query({
      name: 'write_rank_changes_so_far',
      text: 'UPDATE rank_grid SET changes = changes + $2 WHERE token_number = $1',
      values: [this.tokenNumber, changes],
    });
    if (rowCount === 1) return;
    await db.query({
      name: 'write_rank_grid',
      text: `INSERT INTO rank_grid (token_number, bounds, changes, changes_at_most)
        SELECT $1, $2, $3, greatest($4::bigint, $5 * count(*)) FROM transfer
        WHERE token_number = $1`,
      values: [
        this.tokenNumber,
        Buffer.concat(this.bounds),
        changes,
        GROWTH_AT_MOST * CHANGES_AT_LEAST,
        GROWTH_AT_MOST * CHANGES_OF_TRANSFER,
      ],
    });
  }
}

/** Balances of a random part of the holders; at most as many keys as there can be bounds. */
async function cutPages(db: SqlClient, { tokenNumber, days }: NextDays): Promise<Buffer[]> {
  const { rows } = await db.query<{ account: Buffer; balance: string }>({
    name: 'rank_sample',
    text: `SELECT h.account, c.balance
      FROM (SELECT account FROM holder WHERE token_number = $1 ORDER BY random() LIMIT $2) h
      CROSS JOIN LATERAL (
        SELECT DISTINCT ON (b.block_number / $3::bigint) b.balance FROM balance_checkpoint b
        WHERE b.account = h.account AND b.token_number = $1
        ORDER BY b.block_number / $3::bigint DESC, b.block_number DESC, b."interval" DESC LIMIT 1000
      ) c WHERE c.balance > 0`,
    values: [tokenNumber, SAMPLED_HOLDERS, blocksPerDay(days)],
  });
  const keys = rows.map(({ account, balance }) => rankKey(BigInt(balance), account));
  keys.sort(Buffer.compare);
  const bounds = Array.from({ length: PAGES_AT_MOST - 1 }, (_, index) => {
    return keys[Math.floor(((index + 1) * keys.length) / PAGES_AT_MOST)];
  });
  return bounds.filter(
    (key, index) => key !== undefined && bounds[index - 1]?.equals(key) !== true,
  ) as Buffer[];
}

/** About so many blocks are a day of the chain: balances of the same day count once. */
function blocksPerDay(days: NextDays['days']): number {
  const [first] = days;
  return first === undefined ? 1 : Math.max(1, first.lastBlock - first.firstBlock + 1);
}

/**
 * Deletes what is kept of the days of a token that outgrew its pages. The next days are its first ones again, and
 * pages are cut for all of them.
 *
 * @returns its number; `null`: no token outgrew them
 */
export async function dropOutgrown(client: ClientBase, chainId: number): Promise<number | null> {
  const { rows } = await client.query<{ token_number: number }>({
    name: 'outgrown_rank_grid',
    text: `SELECT g.token_number FROM rank_grid g JOIN token t ON t.number = g.token_number
      WHERE t.chain_id = $1 AND g.changes > g.changes_at_most LIMIT 1`,
    values: [chainId],
  });
  const [row] = rows;
  if (row === undefined) return null;
  // One statement: a reader finds all of it or nothing.
  await client.query(
    `WITH changes AS (DELETE FROM rank_change WHERE token_number = $1),
       days AS (DELETE FROM rank_day WHERE token_number = $1),
       transfers AS (DELETE FROM transfer_day WHERE token_number = $1)
     DELETE FROM rank_grid WHERE token_number = $1`,
    [row.token_number],
  );
  return row.token_number;
}
