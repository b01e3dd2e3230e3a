import type { LakeManifest } from '../lakeManifest.js';
import type { ChainNow } from './assertHistory.js';
import { bookKey } from './bookHashes.js';
import type { LakeBook } from './lakeBooks.js';

/** Books that are written together, because the lake ends at the same block for all of them. */
export interface BookGroup {
  readonly books: readonly LakeBook[];
  /** Both included. */
  readonly fromBlock: number;
  readonly toBlock: number;
}

/** The books that are furthest behind; `null`: the lake has all final rows of the chain. */
export function nextGroup(
  manifest: LakeManifest,
  { chainId, block, books }: ChainNow,
): BookGroup | null {
  const states = manifest.books.filter((book) => book.chainId === chainId);
  const ends = new Map(states.map((book) => [bookKey(book), book.block]));
  const inLake = manifest.chains.find((chain) => chain.chainId === chainId)?.block ?? -1;
  const ranges = books.flatMap((book) => {
    const end = ends.get(bookKey(book));
    // Books that start later than the lake ends need no blocks of their own.
    const start = Math.min(book.startBlock, inLake + 1);
    const fromBlock = end === undefined ? start : end + 1;
    const toBlock = Math.min(block, book.end ?? block);
    return fromBlock > toBlock ? [] : [{ book, fromBlock, toBlock }];
  });
  if (ranges.length === 0) return null;
  const fromBlock = Math.min(...ranges.map((range) => range.fromBlock));
  const group = ranges.filter((range) => range.fromBlock === fromBlock);
  return {
    books: group.map(({ book }) => book),
    fromBlock,
    toBlock: Math.min(...group.map(({ toBlock }) => toBlock)),
  };
}
