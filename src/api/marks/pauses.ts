import { type PauseMark, pausesOf } from '../../books/pauseMark.js';
import type { RequestBooks } from '../../books/requestBooks.js';

/** The tokens of an answer whose claims are paused at a block that it is as of. */
export async function pausesIn(books: RequestBooks): Promise<PauseMark[]> {
  if (books.tokensUsed.size === 0) return [];
  const used = (await books.tokens()).filter(({ number }) => books.tokensUsed.has(number));
  return pausesOf(used, books.moments.values());
}
