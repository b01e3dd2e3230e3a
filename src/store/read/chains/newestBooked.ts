import { blockId } from '../../ids.js';
import { type Hex, hexOf } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';

/** The newest block up to one in which something was booked; `null`: none. */
export async function newestBooked(
  db: Queryable,
  chainId: number,
  block: number,
): Promise<{ block: number; hash: Hex } | null> {
  const { rows } = await db.query<{ number: number; hash: Buffer }>({
    text: `SELECT number, hash FROM block
      WHERE id >= $1 AND id <= $2 ORDER BY id DESC LIMIT 1`,
    values: [blockId(chainId, 0), blockId(chainId, block)],
  });
  const row = rows[0];
  return row === undefined ? null : { block: row.number, hash: hexOf(row.hash) };
}
