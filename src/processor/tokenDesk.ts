import type { EvmBatchProcessor } from '@subsquid/evm-processor';
import type { ClientBase } from 'pg';
import type { Address } from '../address.js';
import type { ChainNode } from '../chain/node.js';
import { type FIELDS, requestTokens, type SourceBlock } from '../chain/source.js';
import type { KnownSource } from '../ledger/attribution.js';
import { type Account, AccountBalances } from '../ledger/journal.js';
import { EMPTY_POOLS } from '../ledger/state.js';
import { verifyClaims } from '../store/claimCheck.js';
import { type HolderUpdate, updateHolders } from '../store/holderCache.js';
import { readAccountBalances } from '../store/read/accountBalances.js';
import { readPools } from '../store/read/pools.js';
import {
  EMPTY_POOL_VERSION,
  readPoolVersions,
  type TokenAsOf,
} from '../store/read/poolVersions.js';
import { BalanceCache } from './balances.js';
import { bookBlocks } from './booking.js';
import type { BookingTarget, Desk } from './desk.js';
import { collectionsIn } from './knownSources.js';
import { type IndexedToken, TokenBook } from './tokenBook.js';
import { TokenChanges } from './tokenChanges.js';
import { NATIVE, TokenJournal } from './tokenJournal.js';

/** Balances kept in memory over all tokens before they are dropped and read again. */
const MAX_CACHED_BALANCES = 400_000;

/** Keeps the books of the revenue tokens of a chain. */
export class TokenDesk implements Desk {
  readonly startBlock: number;
  readonly contractNumbers: readonly number[];
  private books: ReadonlyMap<Address, TokenBook> = new Map();
  private changes = new TokenChanges();

  constructor(
    private readonly node: ChainNode,
    private readonly tokens: readonly IndexedToken[],
    private readonly known: ReadonlyMap<string, KnownSource>,
  ) {
    this.startBlock = Math.min(...tokens.map((token) => token.startBlock));
    this.contractNumbers = tokens.map((token) => token.number);
  }

  request(processor: EvmBatchProcessor<typeof FIELDS>): void {
    requestTokens(processor, this.tokens);
  }

  async open(db: ClientBase, height: number): Promise<void> {
    const block = Math.max(height, 0);
    const asOf = this.tokens.map((token) => ({ tokenNumber: token.number, block }));
    const pools = await readPools(db, asOf);
    const versions = await readPoolVersions(db, asOf);
    const journals: TokenJournal[] = [];
    for (const token of asOf) journals.push(new TokenJournal(await readJournal(db, token)));
    this.changes = new TokenChanges();
    this.books = new Map(
      this.tokens.map((token, index) => {
        const state = pools[index] ?? EMPTY_POOLS;
        const { receivedWei, claimedWei, redeemedWei } = versions[index] ?? EMPTY_POOL_VERSION;
        const totals = { receivedWei, claimedWei, redeemedWei };
        // Without supply nobody has a balance, whatever rows there are.
        const balances = new BalanceCache(token.number, { empty: state.supply === 0n });
        const checkedBlock = Math.max(height, token.startBlock - 1);
        const journal = journals[index] ?? new TokenJournal(new AccountBalances());
        const { known } = this;
        return [
          token.address,
          new TokenBook(token, state, totals, balances, journal, known, checkedBlock),
        ];
      }),
    );
  }

  book(blocks: readonly SourceBlock[], target: BookingTarget): Promise<number> {
    const collections = collectionsIn(this.known);
    return bookBlocks(this.node, this.books, blocks, target, this.changes, collections);
  }

  takeCommitWork(): (client: ClientBase) => Promise<void> {
    const { claims } = this.changes;
    const holders = this.holderUpdates();
    this.changes = new TokenChanges();
    return async (client) => {
      await updateHolders(client, holders);
      await verifyClaims(client, claims);
    };
  }

  get isLarge(): boolean {
    let size = 0;
    for (const book of this.books.values()) size += book.balances.size;
    return size > MAX_CACHED_BALANCES;
  }

  allCommitted(): void {
    if (!this.isLarge) return;
    for (const book of this.books.values()) book.balances.clear();
  }

  private holderUpdates(): HolderUpdate[] {
    const updates: HolderUpdate[] = [];
    for (const book of this.books.values()) {
      const tokenNumber = book.token.number;
      for (const { account, balance } of this.changes.takeBalances(tokenNumber)) {
        updates.push({ tokenNumber, account, balance, claimedWei: 0n, redeemedWei: 0n });
      }
    }
    for (const payment of this.changes.payments()) updates.push({ ...payment, balance: null });
    return updates;
  }
}

async function readJournal(db: ClientBase, token: TokenAsOf): Promise<AccountBalances> {
  const balances = await readAccountBalances(db, token);
  return new AccountBalances(
    balances
      .filter(({ asset }) => asset === NATIVE)
      .map(({ account, balanceWei }) => [account as Account, balanceWei] as const),
  );
}
