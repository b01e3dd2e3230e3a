import { blockId } from '../../store/ids.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { readRows } from '../../store/read/query/statement.js';

/** The day, in UTC, of the newest block up to one in which something was booked; `null`: none. */
export async function dayAt(db: Queryable, chainId: number, block: number): Promise<string | null> {
  const [row] = await readRows<{ day: string }>(
    db,
    'lake_day',
    `SELECT to_char("timestamp" AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day FROM block
     WHERE id >= $1 AND id <= $2 ORDER BY id DESC LIMIT 1`,
    [blockId(chainId, 0), blockId(chainId, block)],
  );
  return row?.day ?? null;
}

/** Blocks with bookings in a range, both ends included. */
export async function countBooked(
  db: Queryable,
  chainId: number,
  { fromBlock, toBlock }: { readonly fromBlock: number; readonly toBlock: number },
): Promise<number> {
  const [row] = await readRows<{ count: number }>(
    db,
    'lake_booked',
    'SELECT count(*)::int AS count FROM block WHERE id >= $1 AND id <= $2',
    [blockId(chainId, fromBlock), blockId(chainId, toBlock)],
  );
  return row?.count ?? 0;
}

/** The last block of a range with so many bookings; the end of the range if it has fewer. */
export async function endOfStep(
  db: Queryable,
  chainId: number,
  { fromBlock, toBlock }: { readonly fromBlock: number; readonly toBlock: number },
  blocksAtOnce: number,
): Promise<number> {
  const [row] = await readRows<{ number: number }>(
    db,
    'lake_step',
    'SELECT number FROM block WHERE id >= $1 AND id <= $2 ORDER BY id OFFSET $3 LIMIT 1',
    [blockId(chainId, fromBlock), blockId(chainId, toBlock), blocksAtOnce - 1],
  );
  return row?.number ?? toBlock;
}
