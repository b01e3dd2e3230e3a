import { type ArchiveMark, archiveMark, archivesOn } from '../../books/archiveMark.js';
import type { RequestBooks } from '../../books/requestBooks.js';
import type { ArchiveRecord } from '../../store/read/chains/archives.js';

/**
 * The archived books that an answer was read from.
 *
 * @param others those of oracles, collections and sales; tokens are known from the same read as the answer
 */
export async function archivesIn(
  books: RequestBooks,
  others: readonly ArchiveRecord[],
): Promise<ArchiveMark[]> {
  const tokens = books.tokensUsed.size === 0 ? [] : await books.tokens();
  const archived = tokens.flatMap((token): ArchiveRecord[] => {
    const { number, chainId, address, startBlock, archivedBlock } = token;
    if (archivedBlock === null) return [];
    return [{ tokenNumber: number, chainId, address, startBlock, archivedBlock, kind: 'token' }];
  });
  const known = [...archived, ...others.filter(({ tokenNumber }) => tokenNumber === null)];
  return archivesOn(known, books.tokensUsed, books.moments.values()).map(archiveMark);
}
