import { checksummed } from '../address.js';
import type { ArchiveRecord } from '../store/read/chains/archives.js';
import type { AsOf } from '../store/read/chains/asOf.js';
import type { BooksEnd } from '../store/read/chains/heldBlock.js';

/** Archived books as answers, exports and the command line carry them. */
export interface ArchiveMark {
  readonly chainId: number;
  /** With a checksum. */
  readonly address: string;
  readonly kind: ArchiveRecord['kind'];
  /** The final block at whose end the books end: figures are those of this block. */
  readonly lastBlock: number;
}

export function archiveMark({ chainId, address, kind, archivedBlock }: ArchiveRecord): ArchiveMark {
  return { chainId, address: checksummed(address), kind, lastBlock: archivedBlock };
}

/**
 * The archived books that an answer depends on and that end before it. Oracles, collections and sales are
 * read across tokens: those of a chain mark every answer about it. An answer about no moment has all that
 * is booked.
 *
 * @param tokens numbers of the tokens
 */
export function archivesOn(
  archives: readonly ArchiveRecord[],
  tokens: ReadonlySet<number>,
  moments: Iterable<{ readonly chainId: number; readonly block: number }>,
): readonly ArchiveRecord[] {
  if (archives.length === 0) return archives;
  const blocks = [...moments];
  return archives.filter(({ tokenNumber, chainId, archivedBlock }) => {
    if (tokenNumber !== null && !tokens.has(tokenNumber)) return false;
    if (blocks.length === 0) return true;
    return blocks.some((moment) => moment.chainId === chainId && moment.block > archivedBlock);
  });
}

/**
 * The moment that figures of one contract hold for: the end of its books, if they are archived or held and end
 * before the moment of the question.
 */
export function momentInBooks(books: BooksEnd, asOf: AsOf): AsOf {
  const end = endOfBooks(books);
  if (end === null) return asOf;
  // What is kept of the newest state belongs to a later block than the end.
  if (asOf.block <= end) return { ...asOf, isNewest: false };
  const { chainId } = asOf;
  return { chainId, block: end, hash: null, timestamp: null, isNewest: false };
}

/** The block at whose end the books of a contract end; `null`: they continue. */
export function endOfBooks({ archivedBlock, heldBlock }: BooksEnd): number | null {
  if (archivedBlock === null || heldBlock === null) return archivedBlock ?? heldBlock;
  return Math.min(archivedBlock, heldBlock);
}
