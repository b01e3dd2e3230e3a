import type { RequestBooks } from '../../books/requestBooks.js';

/** Numbers of the tokens of an answer that are held, by the same read as the figures: they are marked at once. */
export async function heldTokensIn(books: RequestBooks): Promise<number[]> {
  const used = books.tokensUsed;
  const tokens = used.size === 0 ? [] : await books.tokens();
  return tokens
    .filter(({ number, heldBlock }) => heldBlock !== null && used.has(number))
    .map(({ number }) => number);
}
