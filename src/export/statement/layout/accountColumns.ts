import { type Address, checksummed } from '../../../address.js';
import type { Statement } from '../read/statement.js';
import type { StatementColumn } from './document.js';

/** Whose lines a table has: a statement of one account does not repeat it. */
export type StatementOwners = Pick<Statement, 'accounts'>;

/** What a statement of several accounts calls them: their places in its head. */
export function accountNames({ accounts }: StatementOwners): string[] {
  if (accounts.length === 1) return [];
  return accounts.map((account, index) => `Account ${index + 1}: ${checksummed(account)}`);
}

/** The column of accounts in a table of movements; none in a statement of one account. */
export function accountColumns({ accounts }: StatementOwners): StatementColumn[] {
  return accounts.length === 1 ? [] : [{ title: 'OF', align: 'right' }];
}

/**
 * Its content.
 *
 * @param account `null`: the line is of several accounts, or of all
 */
export function accountCells({ accounts }: StatementOwners, account: Address | null): string[] {
  if (accounts.length === 1) return [];
  return [account === null ? '' : String(accounts.indexOf(account) + 1)];
}

/** `0xAbC…`, or how many accounts there are. */
export function ownersText({ accounts }: StatementOwners): string {
  const [only, ...others] = accounts;
  if (only !== undefined && others.length === 0) return checksummed(only);
  return `${accounts.length} accounts of one person`;
}
