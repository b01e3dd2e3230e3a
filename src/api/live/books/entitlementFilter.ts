import type { Address } from '../../../address.js';
import type { ChainNews } from './liveState.js';

/** Of whom, and of which tokens, an entitlement is followed. */
export interface EntitlementFilter {
  readonly account: Address;
  readonly chainId?: number | null | undefined;
  readonly token?: Address | null | undefined;
}

/** That an entitlement is to be read. */
export interface EntitlementDue {
  /** Numbers of the tokens that the account ever held, as the reader found; `null`: not read yet. */
  held: Set<number> | null;
}

/** The account's own balance moved, or the pools of a token that it ever held. */
export function isTouched(
  { books, entitlements }: ChainNews,
  { account, token }: EntitlementFilter,
  held: Set<number>,
): boolean {
  const own = entitlements.balances.filter((balance) => balance.account === account);
  for (const { tokenNumber } of own) held.add(tokenNumber);
  return [...own.map(({ tokenNumber }) => tokenNumber), ...entitlements.bookNumbers].some(
    (number) => {
      const book = books.get(number);
      if (book === undefined || !held.has(book.token.number)) return false;
      return token == null || book.token.address === token;
    },
  );
}
