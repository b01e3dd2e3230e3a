import { blockId } from '../../ids.js';
import { type Hex, hexOf } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** A block with operations. Its hash distinguishes forks. */
export interface BlockMark {
  readonly block: number;
  readonly hash: Hex;
}

/** The newest `limit` blocks with operations between two heights, both included, ascending. */
export async function readBlockMarks(
  db: Queryable,
  chainId: number,
  { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
): Promise<BlockMark[]> {
  if (to < from) return [];
  const rows = await readRows<{ readonly number: number; readonly hash: Buffer }>(
    db,
    'block_marks',
    'SELECT number, hash FROM block WHERE id >= $1 AND id <= $2 ORDER BY id DESC LIMIT $3',
    [blockId(chainId, from), blockId(chainId, to), limit],
  );
  return rows.map(({ number, hash }) => ({ block: number, hash: hexOf(hash) })).reverse();
}
