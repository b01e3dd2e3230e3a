import type { Address } from '../../../address.js';
import type { HolderBook } from '../../../ledger/claimPlan.js';
import { type Entitlement, entitlementOf } from '../../../ledger/entitlement.js';
import { rulesAt } from '../../../ledger/terms.js';
import { type HolderAsOf, readHolderRecords } from '../holders/holderRecords.js';
import type { Queryable } from '../query/queryable.js';
import { readPools } from '../tokens/pools.js';
import type { TokenAsOf } from '../tokens/poolVersions.js';
import type { TokenRecord } from '../tokens/tokens.js';

/** The holder, the books and the block of a question about an entitlement. */
export interface EntitlementKey {
  readonly token: TokenRecord;
  readonly account: Address;
  readonly block: number;
  /** Number of the books in an asset (`RevenueAsset.number`); without it, those in ETH. */
  readonly bookNumber?: number | undefined;
}

/** Equal for keys that have the same answer. */
export function entitlementName({ account, ...key }: EntitlementKey): string {
  return `${nameOf(bookOf(key))} ${account}`;
}

/**
 * Returns what each holder is owed, was paid and missed (docs/domain.md#entitlements), in the order
 * of `keys`. Rows for all keys are read together; the ledger computes.
 */
export async function readEntitlements(
  db: Queryable,
  keys: readonly EntitlementKey[],
): Promise<Entitlement[]> {
  const books = await readHolderBooks(db, keys);
  return books.map(({ state, holder }, index) => {
    const key = keys[index];
    if (key === undefined) throw new RangeError(`nobody asked for holder ${index}`);
    return entitlementOf(rulesAt(key.token.rules, key.block), state, holder);
  });
}

/** What the ledger computes entitlements from, in the order of `keys`. */
export async function readHolderBooks(
  db: Queryable,
  keys: readonly EntitlementKey[],
): Promise<HolderBook[]> {
  const books = new Map<string, TokenAsOf>();
  const holders: HolderAsOf[] = keys.map((key) => {
    const { token, account, block, bookNumber } = key;
    const book = bookOf(key);
    books.set(nameOf(book), book);
    return { tokenNumber: token.number, block, account, bookNumber };
  });
  const [records, pools] = await Promise.all([
    readHolderRecords(db, holders),
    readPools(db, [...books.values()]),
  ]);
  const stateOf = new Map([...books.keys()].map((name, index) => [name, pools[index]]));
  return keys.map((key, index) => {
    const state = stateOf.get(nameOf(bookOf(key)));
    const holder = records[index];
    if (state === undefined || holder === undefined) {
      throw new RangeError(`nothing was read for holder ${index} of token ${key.token.number}`);
    }
    return { state, holder };
  });
}

function bookOf({ token, block, bookNumber }: Omit<EntitlementKey, 'account'>): TokenAsOf {
  return { tokenNumber: bookNumber ?? token.number, block };
}

function nameOf({ tokenNumber, block }: TokenAsOf): string {
  return `${tokenNumber}@${block}`;
}
