import { type Address, addressBytes, addressFromBytes } from '../../../address.js';
import type { Shares } from '../../../ledger/pools/split.js';
import { lastOperationId } from '../../ids.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** A pool at the end of a block. */
export interface PoolAsOf {
  readonly poolNumber: number;
  readonly block: number;
}

/** The shares of all depositors of each pool at the end of its block, in the order of `pools`. */
export async function readTotalShares(
  db: Queryable,
  pools: readonly PoolAsOf[],
): Promise<bigint[]> {
  const rows = await readRows<{ readonly ordinal: number; readonly total_shares: string }>(
    db,
    'total_shares',
    `SELECT k.ordinal, n.total_shares
     FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY AS k(number, high, ordinal)
     CROSS JOIN LATERAL (
       SELECT total_shares FROM pool_share
       WHERE pool_number = k.number AND id <= k.high ORDER BY id DESC LIMIT 1
     ) n`,
    [
      pools.map(({ poolNumber }) => poolNumber),
      pools.map(({ poolNumber, block }) => lastOperationId(poolNumber, block)),
    ],
  );
  const totals = pools.map(() => 0n);
  for (const { ordinal, total_shares } of rows) totals[Number(ordinal) - 1] = BigInt(total_shares);
  return totals;
}

/** The shares of accounts in one pool at the end of a block; accounts without an event are left out. */
export async function readShares(
  db: Queryable,
  { poolNumber, block }: PoolAsOf,
  depositors: readonly Address[],
): Promise<Map<Address, bigint>> {
  const rows = await readRows<{ readonly depositor: Buffer; readonly shares: string }>(
    db,
    'pool_shares_of',
    `SELECT newest.* FROM unnest($3::bytea[]) AS wanted (account)
     CROSS JOIN LATERAL (
       SELECT depositor, shares FROM pool_share
       WHERE pool_number = $1 AND depositor = wanted.account AND id <= $2
       ORDER BY id DESC LIMIT 1
     ) AS newest`,
    [poolNumber, lastOperationId(poolNumber, block), depositors.map(addressBytes)],
  );
  return new Map(
    rows.map(({ depositor, shares }) => [addressFromBytes(depositor), BigInt(shares)]),
  );
}

/** An account and a pool, at the end of a block. */
export interface DepositorAsOf extends PoolAsOf {
  readonly depositor: Address;
}

/** Which of the keys have an event by their block, in the order of the keys. */
export async function readAreDepositors(
  db: Queryable,
  keys: readonly DepositorAsOf[],
): Promise<boolean[]> {
  const rows = await readRows<{ readonly ordinal: number }>(
    db,
    'are_depositors',
    `SELECT k.ordinal FROM ${KEYS}
     WHERE EXISTS (SELECT FROM pool_share
       WHERE depositor = k.depositor AND pool_number = k.number AND id <= k.high)`,
    parametersOf(keys),
  );
  const are = keys.map(() => false);
  for (const { ordinal } of rows) are[Number(ordinal) - 1] = true;
  return are;
}

/** What an account had of a pool at the snapshots of its token, and has at the end of the block. */
export interface SharesOverTime {
  /** By snapshot id, of the snapshots that the books of the pool have. */
  readonly at: ReadonlyMap<number, Shares>;
  readonly now: Shares;
}

/**
 * The shares of accounts at each snapshot of the token, in the order of `keys`: what they had after the
 * last event of the pool that precedes the snapshot.
 */
export async function readSharesOverTime(
  db: Queryable,
  keys: readonly DepositorAsOf[],
): Promise<SharesOverTime[]> {
  const [rows, now] = await Promise.all([
    readRows<SharesRow & { readonly snapshot_id: number }>(
      db,
      'pool_shares_at_snapshots',
      `SELECT k.ordinal, s.snapshot_id, s.total_shares, (
         SELECT shares FROM pool_share e
         WHERE e.pool_number = k.number AND e.depositor = k.depositor AND e.id < s.id
         ORDER BY e.id DESC LIMIT 1
       ) AS shares
       FROM ${KEYS} JOIN pool_snapshot s ON s.pool_number = k.number AND s.id <= k.high`,
      parametersOf(keys),
    ),
    readSharesNow(db, keys),
  ]);
  const at = keys.map(() => new Map<number, Shares>());
  for (const row of rows) at[Number(row.ordinal) - 1]?.set(row.snapshot_id, sharesOf(row));
  return keys.map((_, index) => ({ at: at[index] ?? new Map(), now: now[index] ?? NO_SHARES }));
}

async function readSharesNow(db: Queryable, keys: readonly DepositorAsOf[]): Promise<Shares[]> {
  const rows = await readRows<SharesRow>(
    db,
    'pool_shares_now',
    `SELECT k.ordinal, coalesce(t.total_shares, 0) AS total_shares, (
       SELECT shares FROM pool_share e
       WHERE e.pool_number = k.number AND e.depositor = k.depositor AND e.id <= k.high
       ORDER BY e.id DESC LIMIT 1
     ) AS shares
     FROM ${KEYS} LEFT JOIN LATERAL (
       SELECT total_shares FROM pool_share e
       WHERE e.pool_number = k.number AND e.id <= k.high ORDER BY e.id DESC LIMIT 1
     ) t ON true`,
    parametersOf(keys),
  );
  const now = keys.map(() => NO_SHARES);
  for (const row of rows) now[Number(row.ordinal) - 1] = sharesOf(row);
  return now;
}

interface SharesRow {
  readonly ordinal: number;
  readonly total_shares: string;
  readonly shares: string | null;
}

const NO_SHARES: Shares = { shares: 0n, totalShares: 0n };

function sharesOf({ shares, total_shares }: SharesRow): Shares {
  return { shares: BigInt(shares ?? 0), totalShares: BigInt(total_shares) };
}

const KEYS = `unnest($1::integer[], $2::text[], $3::bytea[])
  WITH ORDINALITY AS k(number, high, depositor, ordinal)`;

function parametersOf(keys: readonly DepositorAsOf[]): unknown[] {
  return [
    keys.map(({ poolNumber }) => poolNumber),
    keys.map(({ poolNumber, block }) => lastOperationId(poolNumber, block)),
    keys.map(({ depositor }) => addressBytes(depositor)),
  ];
}

/** The next accounts that ever had shares of a pool, in the order of their addresses. */
export async function readDepositors(
  db: Queryable,
  { poolNumber, block }: PoolAsOf,
  { after, limit }: { readonly after: Address | null; readonly limit: number },
): Promise<Address[]> {
  const rows = await readRows<{ readonly depositor: Buffer }>(
    db,
    'pool_depositors',
    `SELECT DISTINCT e.depositor FROM pool_share e
     WHERE e.pool_number = $1 AND e.depositor > $2 AND e.id <= $3
     ORDER BY e.depositor LIMIT $4`,
    [
      poolNumber,
      after === null ? Buffer.alloc(0) : addressBytes(after),
      lastOperationId(poolNumber, block),
      limit,
    ],
  );
  return rows.map(({ depositor }) => addressFromBytes(depositor));
}

/** How many accounts ever had shares of a pool by the end of a block. */
export async function countDepositors(
  db: Queryable,
  { poolNumber, block }: PoolAsOf,
): Promise<number> {
  const [row] = await readRows<{ readonly count: string }>(
    db,
    'pool_depositor_count',
    'SELECT count(DISTINCT depositor) FROM pool_share WHERE pool_number = $1 AND id <= $2',
    [poolNumber, lastOperationId(poolNumber, block)],
  );
  return Number(row?.count ?? 0);
}
