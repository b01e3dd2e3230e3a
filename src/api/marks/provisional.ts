import { type ProvisionalMark, provisionalOf } from '../../books/provisionalMark.js';
import type { RequestBooks } from '../../books/requestBooks.js';

/** The tokens of an answer whose figures depend on money without a frame that is not final. */
export async function provisionalIn(books: RequestBooks): Promise<ProvisionalMark[]> {
  if (books.tokensUsed.size === 0) return [];
  const used = (await books.tokens()).filter(({ number }) => books.tokensUsed.has(number));
  return provisionalOf(used, await books.provisional(), books.moments.values());
}
