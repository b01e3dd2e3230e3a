import type { Address } from '../../address.js';
import type { HolderRecord } from '../../ledger/entitlement.js';
import { type Entitlement, entitlementOf } from '../../ledger/entitlement.js';
import type { PoolState } from '../../ledger/state.js';
import { type HolderAsOf, readHolderRecords } from './holderRecords.js';
import { readPools } from './pools.js';
import type { TokenAsOf } from './poolVersions.js';
import type { Queryable } from './queryable.js';
import type { TokenRecord } from './tokens.js';

/** Whose entitlement to what, at the end of which block. */
export interface EntitlementKey {
  readonly token: TokenRecord;
  readonly account: Address;
  readonly block: number;
  /** Of the books in an asset (`RevenueAsset.number`); left out: what is owed in ETH. */
  readonly bookNumber?: number | undefined;
}

/** How the rows behind entitlements are read. */
export interface EntitlementReads {
  records(holders: readonly HolderAsOf[]): Promise<readonly HolderRecord[]>;
  pools(tokens: readonly TokenAsOf[]): Promise<readonly PoolState[]>;
}

/**
 * What each holder is owed, was paid and missed (DOMAIN.md 7), in the order of `keys`. The
 * rows are read together, whatever the number of keys; the ledger computes.
 *
 * @param reads default: by statements of its own.
 */
export async function readEntitlements(
  db: Queryable,
  keys: readonly EntitlementKey[],
  reads: EntitlementReads = {
    records: (holders) => readHolderRecords(db, holders),
    pools: (tokens) => readPools(db, tokens),
  },
): Promise<Entitlement[]> {
  const books = new Map<string, TokenAsOf>();
  const holders: HolderAsOf[] = keys.map((key) => {
    const { token, account, block, bookNumber } = key;
    const book = bookOf(key);
    books.set(nameOf(book), book);
    return { tokenNumber: token.number, block, account, bookNumber };
  });
  const [records, pools] = await Promise.all([
    reads.records(holders),
    reads.pools([...books.values()]),
  ]);
  const stateOf = new Map([...books.keys()].map((name, index) => [name, pools[index]]));
  return keys.map((key, index) => {
    const { token } = key;
    const state = stateOf.get(nameOf(bookOf(key)));
    const record = records[index];
    if (state === undefined || record === undefined) {
      throw new RangeError(`nothing was read for holder ${index} of token ${token.number}`);
    }
    return entitlementOf(token.rules, state, record);
  });
}

function bookOf({ token, block, bookNumber }: EntitlementKey): TokenAsOf {
  return { tokenNumber: bookNumber ?? token.number, block };
}

function nameOf({ tokenNumber, block }: TokenAsOf): string {
  return `${tokenNumber}@${block}`;
}
