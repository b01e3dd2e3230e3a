import { checksummed } from '../../address.js';
import type { RequestBooks } from '../../books/requestBooks.js';

/** The tokens that an answer narrows by the kind of their holders, while some of those have not been read. */
export async function unreadIn(
  books: RequestBooks,
): Promise<{ readonly chainId: number; readonly token: string }[]> {
  if (books.unreadTokens.size === 0) return [];
  const tokens = (await books.tokens()).filter(({ number }) => books.unreadTokens.has(number));
  return tokens.map(({ chainId, address }) => ({ chainId, token: checksummed(address) }));
}
