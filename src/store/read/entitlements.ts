import type { Address } from '../../address.js';
import { type Entitlement, entitlementOf } from '../../ledger/entitlement.js';
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
}

/**
 * What each holder is owed, was paid and missed (DOMAIN.md 7), in the order of `keys`. The
 * rows are read together, whatever the number of keys; the ledger computes.
 */
export async function readEntitlements(
  db: Queryable,
  keys: readonly EntitlementKey[],
): Promise<Entitlement[]> {
  const tokens = new Map<string, TokenAsOf>();
  const holders: HolderAsOf[] = keys.map(({ token, account, block }) => {
    const ofToken = { tokenNumber: token.number, block };
    tokens.set(nameOf(ofToken), ofToken);
    return { ...ofToken, account };
  });
  const [records, pools] = await Promise.all([
    readHolderRecords(db, holders),
    readPools(db, [...tokens.values()]),
  ]);
  const stateOf = new Map([...tokens.keys()].map((name, index) => [name, pools[index]]));
  return keys.map(({ token, block }, index) => {
    const state = stateOf.get(nameOf({ tokenNumber: token.number, block }));
    const record = records[index];
    if (state === undefined || record === undefined) {
      throw new RangeError(`nothing was read for holder ${index} of token ${token.number}`);
    }
    return entitlementOf(token.rules, state, record);
  });
}

function nameOf({ tokenNumber, block }: TokenAsOf): string {
  return `${tokenNumber}@${block}`;
}
