import { checksummed } from '../../address.js';
import type { RequestBooks } from '../../books/requestBooks.js';

/** A token that an answer lacks: its partitions were detached (`imo-ledger partition attach`). */
interface DetachedMark {
  readonly chainId: number;
  /** With a checksum. */
  readonly address: string;
  readonly code: 'BOOKS_DETACHED';
  readonly detachedAt: string;
}

/** The detached tokens of the chains that an answer is about; an answer about no moment is about all. */
export async function detachedIn(books: RequestBooks): Promise<DetachedMark[]> {
  const chains = new Set([...books.moments.values()].map(({ chainId }) => chainId));
  return (await books.detachedOfRead())
    .filter(({ chainId }) => chains.size === 0 || chains.has(chainId))
    .map(({ chainId, address, detachedAt }) => ({
      chainId,
      address: checksummed(address),
      code: 'BOOKS_DETACHED',
      detachedAt: detachedAt.toISOString(),
    }));
}
