import type { ClientBase } from 'pg';
import type { Address } from '../../../address.js';
import { type Account, AccountBalances } from '../../../ledger/journal.js';
import { EMPTY_POOLS, type PoolState } from '../../../ledger/state.js';
import type { RulesAtBlock } from '../../../ledger/terms.js';
import {
  type NewestBalance,
  readNewestBalances,
} from '../../../store/read/journal/accountBalances.js';
import { readPools } from '../../../store/read/tokens/pools.js';
import {
  EMPTY_POOL_VERSION,
  type PoolVersion,
  readPoolVersions,
} from '../../../store/read/tokens/poolVersions.js';
import type { UnprovenSnapshot } from '../../../store/write/snapshotProofs.js';
import { RevenueBook } from './revenueBook.js';
import { NATIVE, TokenJournal } from './tokenJournal.js';

/** What the database has of the books of a token in one asset. */
export interface StoredBook {
  readonly pools: PoolState;
  readonly version: PoolVersion;
  readonly balances: readonly NewestBalance[];
}

/** Of a token before its first block. */
export const EMPTY_BOOK: StoredBook = {
  pools: EMPTY_POOLS,
  version: EMPTY_POOL_VERSION,
  balances: [],
};

/** Reads books at the end of a block, all at once: there may be many. */
export async function readStoredBooks(
  db: ClientBase,
  numbers: readonly number[],
  block: number,
): Promise<ReadonlyMap<number, StoredBook>> {
  if (numbers.length === 0) return new Map();
  const asOf = numbers.map((tokenNumber) => ({ tokenNumber, block }));
  const pools = await readPools(db, asOf);
  const versions = await readPoolVersions(db, asOf);
  const balances = await readNewestBalances(db, numbers, block);
  return new Map(
    numbers.map((number, index) => [
      number,
      {
        pools: pools[index] ?? EMPTY_POOLS,
        version: versions[index] ?? EMPTY_POOL_VERSION,
        balances: balances.get(number) ?? [],
      },
    ]),
  );
}

/** The books of a token in one asset; `isBegun`: they are in the database. */
export function openBook(
  number: number,
  { pools, version, balances }: StoredBook,
  of: {
    readonly rules: RulesAtBlock;
    readonly asset: Address | null;
    readonly checkedBlock: number;
    readonly unproven: readonly UnprovenSnapshot[];
  },
): { readonly book: RevenueBook; readonly isBegun: boolean } {
  const { rules, asset, checkedBlock } = of;
  const { receivedWei, claimedWei, redeemedWei } = version;
  const totals = { receivedWei, claimedWei, redeemedWei };
  const accounts = new AccountBalances(
    balances.map(({ account, balanceWei }) => [account as Account, balanceWei] as const),
  );
  const journal = new TokenJournal(accounts, asset ?? NATIVE);
  const unproven = of.unproven.filter(({ bookNumber }) => bookNumber === number);
  const options = { checkedBlock, unproven };
  const book = new RevenueBook(number, asset, rules, pools, totals, journal, options);
  return { book, isBegun: version !== EMPTY_POOL_VERSION };
}
