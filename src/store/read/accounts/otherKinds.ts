import { type Address, addressFromBytes } from '../../../address.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { type AccountKind, kindSql } from './accountKinds.js';

/**
 * The kinds of the holders of a token, without wallets; `null`: not known.
 *
 * @param isRead whether all of them have been read
 */
export async function readOtherKinds(
  db: Queryable,
  { chainId, tokenNumber }: { readonly chainId: number; readonly tokenNumber: number },
  isRead: boolean,
): Promise<ReadonlyMap<Address, AccountKind | null>> {
  const rows = await readRows<{ readonly account: Buffer; readonly kind: AccountKind | null }>(
    db,
    `other_kinds_${isRead ? 'read' : 'unread'}`,
    `SELECT account, kind FROM (
       SELECT h.account, ${kindSql('$1', 'h.account', isRead)} AS kind
       FROM holder h WHERE h.token_number = $2
     ) k WHERE kind IS DISTINCT FROM 'wallet'`,
    [chainId, tokenNumber],
  );
  return new Map(rows.map(({ account, kind }) => [addressFromBytes(account), kind]));
}
