import type { Address } from '../address.js';
import { ImoError } from '../errors.js';

/** Accounts of one person at most. */
const PERSON_HOLDERS_AT_MOST = 100;

/**
 * The accounts of a person, in the order given. An account that is named twice, in whatever spelling, counts
 * once.
 *
 * @throws ImoError `BAD_PERSON` for none, or for more than 100
 */
export function personOf(holders: readonly Address[]): readonly Address[] {
  const accounts = [...new Set(holders)];
  if (accounts.length === 0) {
    throw new ImoError('BAD_PERSON', 'no account is named', 'Name one or several addresses.');
  }
  if (accounts.length > PERSON_HOLDERS_AT_MOST) {
    throw new ImoError(
      'BAD_PERSON',
      `${accounts.length} accounts are named`,
      `A person has at most ${PERSON_HOLDERS_AT_MOST}: name fewer.`,
    );
  }
  return accounts;
}
