import { ImoError } from '../errors.js';
import type { AsOf } from '../store/read/asOf.js';
import type { Queryable } from '../store/read/queryable.js';
import { readRows } from '../store/read/statement.js';
import type { RequestBooks } from './requestBooks.js';

/**
 * Proves that the blocks an answer was read as of are still those of the chain. Commits add
 * rows of later blocks only, which "as of" leaves out; a reorg alone can change what was read
 * between two statements. Final blocks need no proof, so mostly nothing is asked.
 *
 * @throws ImoError `CHAIN_REORGANISED`
 */
export async function assertNotReorganised(db: Queryable, books: RequestBooks): Promise<void> {
  const heads = books.moments.size === 0 ? null : await books.heads();
  const open = [...books.moments.values()].filter(
    ({ chainId, block }) => block > (heads?.get(chainId)?.finalizedBlock ?? -1),
  );
  if (open.length === 0) return;
  const gone = await readReplaced(db, open);
  if (gone.length > 0) {
    throw new ImoError(
      'CHAIN_REORGANISED',
      `chain ${gone.join(', ')} took back the block that was being answered for`,
      'Ask again.',
    );
  }
}

async function readReplaced(db: Queryable, moments: readonly AsOf[]): Promise<number[]> {
  const rows = await readRows<{ readonly chain_id: number }>(
    db,
    'replaced_blocks',
    `SELECT DISTINCT k.chain_id
     FROM unnest($1::integer[], $2::integer[], $3::bytea[]) AS k(chain_id, height, hash)
     LEFT JOIN chain_cursor c USING (chain_id)
     LEFT JOIN hot_block h USING (chain_id, height)
     WHERE c.height IS NULL OR c.height < k.height OR h.hash <> k.hash`,
    [
      moments.map(({ chainId }) => chainId),
      moments.map(({ block }) => block),
      moments.map(({ hash }) => (hash === null ? null : Buffer.from(hash.slice(2), 'hex'))),
    ],
  );
  return rows.map(({ chain_id }) => chain_id);
}
