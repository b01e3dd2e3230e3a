import type { Address } from '../address.js';
import { readNewestBooks } from '../store/openBooks.js';
import type { Queryable } from '../store/queryable.js';
import { BalanceCache } from './balances.js';
import { type IndexedToken, TokenBook } from './tokenBook.js';

/** Balances kept in memory over all tokens before they are dropped and read again. */
const MAX_CACHED_BALANCES = 400_000;

/** The running books of all tokens of a chain, as of one block. */
export class Books {
  private byAddress: ReadonlyMap<Address, TokenBook> = new Map();

  constructor(private readonly tokens: readonly IndexedToken[]) {}

  get all(): ReadonlyMap<Address, TokenBook> {
    return this.byAddress;
  }

  get tokenNumbers(): number[] {
    return this.tokens.map((token) => token.number);
  }

  /** Reads everything again from the database, which stands at block `height`. */
  async open(db: Queryable, height: number): Promise<void> {
    const books = new Map<Address, TokenBook>();
    for (const token of this.tokens) {
      const { pools, empty, ...totals } = await readNewestBooks(db, token.number);
      const balances = new BalanceCache(token.number, { empty });
      const checkedBlock = Math.max(height, token.startBlock - 1);
      books.set(token.address, new TokenBook(token, pools, totals, balances, checkedBlock));
    }
    this.byAddress = books;
  }

  /** Whether the balances in memory are more than they should be. */
  get tooLarge(): boolean {
    let size = 0;
    for (const book of this.byAddress.values()) size += book.balances.size;
    return size > MAX_CACHED_BALANCES;
  }

  /** Drops balances from memory; only when every one of them is committed. */
  forgetBalances(): void {
    for (const book of this.byAddress.values()) book.balances.clear();
  }
}
