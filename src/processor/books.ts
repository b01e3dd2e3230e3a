import type { Address } from '../address.js';
import { EMPTY_POOLS } from '../ledger/state.js';
import { readPools } from '../store/read/pools.js';
import { EMPTY_POOL_VERSION, readPoolVersions } from '../store/read/poolVersions.js';
import type { SqlClient } from '../store/sqlClient.js';
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
  async open(db: SqlClient, height: number): Promise<void> {
    const block = Math.max(height, 0);
    const asOf = this.tokens.map((token) => ({ tokenNumber: token.number, block }));
    const pools = await readPools(db, asOf);
    const versions = await readPoolVersions(db, asOf);
    this.byAddress = new Map(
      this.tokens.map((token, index) => {
        const state = pools[index] ?? EMPTY_POOLS;
        const { receivedWei, claimedWei, redeemedWei } = versions[index] ?? EMPTY_POOL_VERSION;
        const totals = { receivedWei, claimedWei, redeemedWei };
        const balances = new BalanceCache(token.number, { empty: state.supply === 0n });
        const checkedBlock = Math.max(height, token.startBlock - 1);
        return [token.address, new TokenBook(token, state, totals, balances, checkedBlock)];
      }),
    );
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
