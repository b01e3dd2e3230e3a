import { blockId } from '../../ids.js';
import { type Hex, optionalHex } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** Hash of a block with operations; `null` for any other block. */
export async function readBlockHash(
  db: Queryable,
  chainId: number,
  block: number,
): Promise<Hex | null> {
  const [row] = await readRows<{ readonly hash: Buffer }>(
    db,
    'block_hash',
    'SELECT hash FROM block WHERE id = $1',
    [blockId(chainId, block)],
  );
  return optionalHex(row?.hash ?? null);
}
