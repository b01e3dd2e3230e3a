import type { RevenueBooks } from '../../../books/requestBooks.js';
import {
  blockWindow,
  type OperationWindow,
} from '../../../store/read/operations/operationWindows.js';
import type { Queryable } from '../../../store/read/query/queryable.js';
import { readRevenueAssets } from '../../../store/read/tokens/revenueAssets.js';
import { readTokens } from '../../../store/read/tokens/tokens.js';
import { type Feed, type LiveEntry } from './feeds.js';

/** The books of a chain's tokens, in ETH and in every asset, by their numbers. */
export type ChainBooks = ReadonlyMap<number, RevenueBooks>;

export async function readChainBooks(db: Queryable, chainId: number): Promise<ChainBooks> {
  const tokens = await readTokens(db, { chainId });
  const assets = await readRevenueAssets(
    db,
    tokens.map(({ number }) => number),
  );
  const tokenNumbered = new Map(tokens.map((token) => [token.number, token]));
  const books = new Map<number, RevenueBooks>(
    tokens.map((token) => [token.number, { number: token.number, token, asset: null }]),
  );
  for (const { number, tokenNumber, asset } of assets) {
    const token = tokenNumbered.get(tokenNumber);
    if (token !== undefined) books.set(number, { number, token, asset });
  }
  return books;
}

/** The blocks from one to another, both included, in every book. */
export function bookWindows(
  books: ChainBooks,
  { from, to }: { readonly from: number; readonly to: number },
): OperationWindow[] {
  return [...books.values()].flatMap(({ number, token }) =>
    blockWindow(number, token.chainId, from, to),
  );
}

/** The entries of a list in some blocks; `null` if there are more than `limit`. */
export async function readEntries(
  db: Queryable,
  feed: Feed,
  books: ChainBooks,
  options: { readonly from: number; readonly to: number; readonly limit: number },
): Promise<LiveEntry[] | null> {
  const windows = bookWindows(books, options);
  const { rows, hasNextPage } = await feed.read(db, windows, options.limit);
  if (hasNextPage) return null;
  return rows.flatMap(({ row, accounts }) => {
    const book = books.get(row.tokenNumber);
    return book === undefined ? [] : [{ row, book, accounts }];
  });
}
