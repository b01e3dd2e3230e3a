import { type Address, addressBytes, addressFromBytes } from '../../../address.js';
import type { OperationWindow } from '../operations/operationWindows.js';
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
  const balances = await readRows<{ readonly account: Buffer; readonly token_number: number }>(
    db,
    'changed_balances',
    `SELECT a.account, w.token_number
     FROM unnest($1::bytea[]) AS a(account)
     CROSS JOIN unnest($2::integer[], $3::bigint[], $4::bigint[])
       AS w(token_number, from_block, to_block)
     WHERE EXISTS (
       SELECT FROM balance_checkpoint c
       WHERE c.account = a.account AND c.token_number = w.token_number
         AND c.block_number BETWEEN w.from_block AND w.to_block
     )`,
    [
      accounts.map(addressBytes),
      windows.map(({ tokenNumber }) => tokenNumber),
      windows.map(({ fromBlock }) => fromBlock),
      windows.map(({ toBlock }) => toBlock),
    ],
  );
  return {
    bookNumbers: pools.map(({ token_number }) => token_number),
    balances: balances.map(({ account, token_number }) => ({
      account: addressFromBytes(account),
      tokenNumber: token_number,
    })),
  };
}
