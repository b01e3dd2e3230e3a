import type { Address } from '../../address.js';
import { numberOfPart, numberSql } from '../../store/ids.js';
import { badCursor } from '../exportErrors.js';
import { type ExportScope, holderCondition } from './scope.js';
import { addressLiteral, hexText } from './sqlText.js';

/** Where an export of rows by books and holder continues. */
export interface HolderCursor {
  readonly number: number;
  readonly account: Address;
  /** What follows the holder in the cursor. */
  readonly rest: string;
}

/** SQL of a `row_id` by books and holder: `0001-0xa11c…`. */
export function holderRowId(number: string, account: string): string {
  return `${numberSql(number)} || '-' || ${hexText(account)}`;
}

/**
 * @param pattern number, address, and the rest if there is any
 * @throws ImoError `EXPORT_BAD_CURSOR`
 */
export function parseHolderCursor(after: string, pattern: RegExp): HolderCursor {
  const match = pattern.exec(after);
  if (match === null) throw badCursor(after);
  const [, number = '', account = '', rest = ''] = match;
  return { number: numberOfPart(number), account: account as Address, rest };
}

/** Leaves out accounts that no row can be of, before anything is computed for them. */
export function holderConditions(
  scope: ExportScope,
  account: string,
  cursor: HolderCursor | null,
): string {
  const { books } = scope;
  const where = ['true', ...holderCondition(scope, account)];
  // Of several books, the later ones begin with the first account again.
  if (cursor !== null && books.every(({ number }) => number <= cursor.number)) {
    where.push(`${account} >= ${addressLiteral(cursor.account)}`);
  }
  return where.join(' AND ');
}
