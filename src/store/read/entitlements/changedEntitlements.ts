import { type Address, addressBytes, addressFromBytes } from '../../../address.js';
import type { OperationWindow } from '../operations/operationWindows.js';
import { readByToken } from '../query/byToken.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** The effect of some blocks on what holders are owed. */
export interface ChangedEntitlements {
  /** Numbers of books whose pools changed. That changes what every holder of the token is owed. */
  readonly bookNumbers: readonly number[];
  /** Changed balances, of the requested accounts only. */
  readonly balances: readonly { readonly account: Address; readonly tokenNumber: number }[];
}

/** @param windows of the blocks, one for each book of the chain */
export async function readChangedEntitlements(
  db: Queryable,
  windows: readonly OperationWindow[],
  accounts: readonly Address[],
): Promise<ChangedEntitlements> {
  const pools = await readRows<{ readonly token_number: number }>(
    db,
    'changed_pools',
    `SELECT w.token_number
     FROM unnest($1::integer[], $2::text[], $3::text[]) AS w(token_number, from_id, to_id)
     WHERE EXISTS (SELECT FROM pool_version p
       WHERE p.token_number = w.token_number AND p.id >= w.from_id AND p.id <= w.to_id)`,
    [
      windows.map(({ tokenNumber }) => tokenNumber),
      windows.map(({ fromId }) => fromId),
      windows.map(({ toId }) => toId),
    ],
  );
  const balances = await readByToken<
    { readonly account: Buffer; readonly token_number: number },
    OperationWindow
  >(db, {
    name: 'changed_balances',
    isJoinable: true,
    keys: windows,
    tokenOf: ({ tokenNumber }) => tokenNumber,
    shared: [accounts.map(addressBytes)],
    columns: {
      from_block: { type: 'bigint', of: ({ fromBlock }) => fromBlock },
      to_block: { type: 'bigint', of: ({ toBlock }) => toBlock },
    },
    branch: (token, items) => `SELECT a.account, ${token} AS token_number
      FROM unnest($1::bytea[]) AS a(account) CROSS JOIN ${items}
      WHERE EXISTS (
        SELECT FROM balance_checkpoint c
        WHERE c.account = a.account AND c.token_number = ${token}
          AND c.block_number BETWEEN k.from_block AND k.to_block
      )`,
  });
  return {
    bookNumbers: pools.map(({ token_number }) => token_number),
    balances: balances.map(({ account, token_number }) => ({
      account: addressFromBytes(account),
      tokenNumber: token_number,
    })),
  };
}
