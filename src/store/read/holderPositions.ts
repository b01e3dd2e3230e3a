import { type Address, addressBytes } from '../../address.js';
import { newestCheckpoint } from './checkpointWalk.js';
import type { TokenAsOf } from './poolVersions.js';
import type { Queryable } from './queryable.js';
import { readRows } from './statement.js';

/** A token that an account held at some time, and its balance. */
export interface HolderPosition {
  readonly tokenNumber: number;
  /** Token units; 0 if nothing is left. */
  readonly balance: bigint;
}

/** In which of the tokens the account ever had a balance, each up to its block. */
export async function readHolderPositions(
  db: Queryable,
  account: Address,
  tokens: readonly TokenAsOf[],
): Promise<HolderPosition[]> {
  const rows = await readRows<{ readonly token_number: number; readonly balance: string }>(
    db,
    'holder_positions',
    `SELECT k.token_number, c.balance
     FROM (SELECT $1::bytea AS account, token_number, block_number
       FROM unnest($2::integer[], $3::integer[]) AS t(token_number, block_number)) k
     CROSS JOIN LATERAL (${newestCheckpoint('k', 'k.block_number')}) c
     ORDER BY k.token_number`,
    [
      addressBytes(account),
      tokens.map(({ tokenNumber }) => tokenNumber),
      tokens.map(({ block }) => block),
    ],
  );
  return rows.map((row) => ({ tokenNumber: row.token_number, balance: BigInt(row.balance) }));
}
