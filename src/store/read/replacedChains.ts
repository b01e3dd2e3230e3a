import type { AsOf } from './asOf.js';
import { hexBytes } from './decode.js';
import type { Queryable } from './queryable.js';
import { readRows } from './statement.js';

/** Ids of the chains that took back, or replaced, the block of one of these moments. */
export async function readReplacedChains(
  db: Queryable,
  moments: readonly AsOf[],
): Promise<number[]> {
  const rows = await readRows<{ readonly chain_id: number }>(
    db,
    'replaced_chains',
    `SELECT DISTINCT k.chain_id
     FROM unnest($1::integer[], $2::integer[], $3::bytea[]) AS k(chain_id, height, hash)
     LEFT JOIN chain_cursor c ON c.chain_id = k.chain_id
     LEFT JOIN hot_block h ON h.chain_id = k.chain_id AND h.height = k.height
     WHERE c.height IS NULL OR c.height < k.height OR h.hash <> k.hash`,
    [
      moments.map(({ chainId }) => chainId),
      moments.map(({ block }) => block),
      moments.map(({ hash }) => (hash === null ? null : hexBytes(hash))),
    ],
  );
  return rows.map(({ chain_id }) => chain_id);
}
