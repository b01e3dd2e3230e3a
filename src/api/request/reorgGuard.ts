import type { RequestBooks } from '../../books/requestBooks.js';
import { ImoError } from '../../errors.js';
import type { JoinedReads } from '../reads/joinedReads.js';

/**
 * Proves that the blocks an answer was read as of are still those of the chain. Commits add
 * rows of later blocks only, which "as of" leaves out; a reorg alone can change what was read
 * between two statements. Final blocks need no proof, so mostly nothing is asked.
 *
 * @throws ImoError `CHAIN_REORGANISED`
 */
export async function assertNotReorganised(
  joined: JoinedReads,
  books: RequestBooks,
): Promise<void> {
  if (books.moments.size === 0) return;
  const heads = await books.heads();
  const open = [...books.moments.values()].filter(
    ({ chainId, block }) => block > (heads.get(chainId)?.finalizedBlock ?? -1),
  );
  if (open.length === 0) return;
  const replaced = await joined.replaced(open);
  const chainIds = open.flatMap(({ chainId }, index) => (replaced[index] ? [chainId] : []));
  if (chainIds.length > 0) {
    throw new ImoError(
      'CHAIN_REORGANISED',
      `chain ${[...new Set(chainIds)].join(', ')} replaced the block of this answer in a reorg`,
      'Ask again.',
    );
  }
}
