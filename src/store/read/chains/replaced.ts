import { type Hex, hexBytes } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** A block that was read at. */
export interface ChainMoment {
  readonly chainId: number;
  readonly block: number;
  /** `null` where no hash is kept: it is final. */
  readonly hash: Hex | null;
}

/** Returns for each of these moments whether a reorg removed its block. */
export async function readReplaced(
  db: Queryable,
  moments: readonly ChainMoment[],
): Promise<boolean[]> {
  const rows = await readRows<{ readonly ordinal: number }>(
    db,
    'replaced',
    `SELECT k.ordinal
     FROM unnest($1::bigint[], $2::bigint[], $3::bytea[])
       WITH ORDINALITY AS k(chain_id, height, hash, ordinal)
     LEFT JOIN chain_cursor c ON c.chain_id = k.chain_id
     LEFT JOIN hot_block h ON h.chain_id = k.chain_id AND h.height = k.height
     WHERE c.height IS NULL OR c.height < k.height OR h.hash <> k.hash`,
    [
      moments.map(({ chainId }) => chainId),
      moments.map(({ block }) => block),
      moments.map(({ hash }) => (hash === null ? null : hexBytes(hash))),
    ],
  );
  const ordinals = new Set(rows.map(({ ordinal }) => Number(ordinal)));
  return moments.map((_, index) => ordinals.has(index + 1));
}
