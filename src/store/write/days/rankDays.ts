import { addressBytes, ZERO_ADDRESS } from '../../../address.js';
import type { SqlClient } from '../../database/sqlClient.js';
import { lastOperationId } from '../../ids.js';
import { rankChange, rankKey } from '../../rankKeys.js';
import type { NextDay, NextDays } from './nextDays.js';
import { openRankGrid, type RankGrid } from './rankGrid.js';

/** Rows that wait for the transaction that writes them. */
export interface PreparedRanks {
  write(db: SqlClient): Promise<void>;
}

/**
 * Computes what each day changed in the order of the holders. The order is cut into pages. A day has the number
 * of holders before each page at its end, and a page has the holders that came and left on each day. So a rank
 * at the end of a day is read from one number and one page.
 */
export async function prepareRankDays(db: SqlClient, next: NextDays): Promise<PreparedRanks> {
  const grid = await openRankGrid(db, next);
  const pages = new PageDays(grid);
  const moves = await readMoves(db, next);
  for (const [index, { day, before, after, account }] of moves.entries()) {
    pages.move(day, account, before, after);
    // The indexer shares this process: it must not wait for all of them.
    if (index % 2_000 === 1_999) await new Promise((resolve) => setImmediate(resolve));
  }
  return { write: (db) => writeRankDays(db, next, grid, pages) };
}

/** What one day did to the balance of one account. */
interface Move {
  /** Its place among the days. */
  readonly day: number;
  readonly account: Buffer;
  readonly before: bigint;
  readonly after: bigint;
}

/** Every account whose balance at the end of a day is another one than at its start. */
async function readMoves(db: SqlClient, { tokenNumber, after, days }: NextDays): Promise<Move[]> {
  const last = days.at(-1)?.lastBlock ?? after;
  const { rows } = await db.query<{
    day: number;
    account: Buffer;
    before: string;
    balance: string;
  }>({
    name: 'rank_moves',
    text: `WITH touched AS MATERIALIZED (
        SELECT DISTINCT side.account FROM transfer t
        CROSS JOIN LATERAL (VALUES (t."from"), (t."to")) AS side(account)
        WHERE t.token_number = $1 AND t.id > $2 AND t.id <= $3 AND side.account <> $4
      ), ends AS (
        SELECT k.account, c.day, c.balance FROM touched k CROSS JOIN LATERAL (
          (SELECT 0 AS day, balance FROM balance_checkpoint
           WHERE account = k.account AND token_number = $1 AND block_number <= $5
           ORDER BY block_number DESC, "interval" DESC LIMIT 1)
          UNION ALL
          (SELECT DISTINCT ON (1) width_bucket(block_number, $7::bigint[]) AS day, balance
           FROM balance_checkpoint
           WHERE account = k.account AND token_number = $1
             AND block_number > $5 AND block_number <= $6
           ORDER BY 1, block_number DESC, "interval" DESC)
        ) c
      ), moves AS (
        SELECT account, day, balance, coalesce(lag(balance) OVER (
          PARTITION BY account ORDER BY day), 0) AS before FROM ends
      )
      SELECT day, account, before, balance FROM moves WHERE day > 0 AND before <> balance ORDER BY day`,
    values: [
      tokenNumber,
      after < 0 ? '' : lastOperationId(tokenNumber, after),
      lastOperationId(tokenNumber, last),
      addressBytes(ZERO_ADDRESS),
      after,
      last,
      days.map(({ firstBlock }) => firstBlock),
    ],
  });
  return rows.map(({ day, account, before, balance }) => ({
    day: day - 1,
    account,
    before: BigInt(before),
    after: BigInt(balance),
  }));
}

/** The changes of each page on each day. */
class PageDays {
  /** By day, then by page. */
  readonly changes: Map<number, Buffer[]>[] = [];
  /** By day, then by page: how many holders more it has after it. */
  readonly more: Map<number, number>[] = [];
  count = 0;

  constructor(private readonly grid: RankGrid) {}

  move(day: number, account: Buffer, before: bigint, after: bigint): void {
    if (before > 0n) this.add(day, rankKey(before, account), false);
    if (after > 0n) this.add(day, rankKey(after, account), true);
  }

  private add(day: number, key: Buffer, didCome: boolean): void {
    this.changes[day] ??= new Map();
    this.more[day] ??= new Map();
    const [changes, more] = [this.changes[day], this.more[day]];
    const page = this.grid.pageOf(key);
    const ofPage = changes.get(page) ?? [];
    ofPage.push(rankChange(didCome, key));
    changes.set(page, ofPage);
    more.set(page, (more.get(page) ?? 0) + (didCome ? 1 : -1));
    this.count++;
  }
}

async function writeRankDays(
  db: SqlClient,
  next: NextDays,
  grid: RankGrid,
  pages: PageDays,
): Promise<void> {
  await grid.write(db, pages.count);
  const above = [...grid.above];
  for (const [index, day] of next.days.entries()) {
    addUp(above, pages.more[index] ?? new Map());
    await writeRankDay(db, next.tokenNumber, day, above, pages.changes[index] ?? new Map());
  }
}

/** Adds what each page has more to the numbers before all later pages. */
function addUp(above: number[], more: ReadonlyMap<number, number>): void {
  let sum = 0;
  for (const [page, count] of above.entries()) {
    above[page] = count + sum;
    sum += more.get(page) ?? 0;
  }
}

async function writeRankDay(
  db: SqlClient,
  tokenNumber: number,
  { lastBlock, proof }: NextDay,
  above: readonly number[],
  changes: ReadonlyMap<number, readonly Buffer[]>,
): Promise<void> {
  const of = [tokenNumber, lastBlock, proof.number];
  await db.query({
    name: 'write_rank_day',
    text: 'INSERT INTO rank_day (token_number, last_block, block_number, above) VALUES ($1, $2, $3, $4)',
    values: [...of, above],
  });
  await db.query({
    name: 'write_rank_changes',
    text: `INSERT INTO rank_change (token_number, last_block, block_number, page, changes)
      SELECT $1, $2, $3, page, changes FROM unnest($4::integer[], $5::bytea[]) AS c(page, changes)`,
    values: [
      ...of,
      [...changes.keys()],
      [...changes.values()].map((ofPage) => Buffer.concat(ofPage)),
    ],
  });
}
