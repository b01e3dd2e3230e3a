import { type Address, addressBytes } from '../../../address.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import type { TokenAsOf } from '../tokens/poolVersions.js';
import { newestCheckpoint } from './checkpointWalk.js';

/** A token that an account held at some time, and its balance. */
export interface HolderPosition {
  readonly tokenNumber: number;
  /** Token units; 0 if the account has none left. */
  readonly balance: bigint;
}

/** An account and a token, at the end of a block. */
export interface BalanceKey extends TokenAsOf {
  readonly account: Address;
}

/** Returns the tokens in which the account ever had a balance, each up to its block. */
export async function readHolderPositions(
  db: Queryable,
  account: Address,
  tokens: readonly TokenAsOf[],
): Promise<HolderPosition[]> {
  const keys = tokens.map((token) => ({ ...token, account }));
  return positionsOf(keys, await readBalances(db, keys));
}

/** The positions among some balances; in the order of the tokens' numbers. */
function positionsOf(
  keys: readonly TokenAsOf[],
  balances: readonly (bigint | null)[],
): HolderPosition[] {
  return keys
    .flatMap(({ tokenNumber }, index) => {
      const balance = balances[index] ?? null;
      return balance === null ? [] : [{ tokenNumber, balance }];
    })
    .sort((left, right) => left.tokenNumber - right.tokenNumber);
}

/** Balances in token units, in the order of `keys`; `null` if the account never had a balance. */
export async function readBalances(
  db: Queryable,
  keys: readonly BalanceKey[],
): Promise<(bigint | null)[]> {
  const rows = await readRows<{ readonly ordinal: number; readonly balance: string }>(
    db,
    'balances',
    `SELECT k.ordinal, c.balance
     FROM unnest($1::bytea[], $2::integer[], $3::bigint[])
       WITH ORDINALITY AS k(account, token_number, block_number, ordinal)
     CROSS JOIN LATERAL (${newestCheckpoint('k', 'k.block_number')}) c`,
    [
      keys.map(({ account }) => addressBytes(account)),
      keys.map(({ tokenNumber }) => tokenNumber),
      keys.map(({ block }) => block),
    ],
  );
  const balances: (bigint | null)[] = keys.map(() => null);
  for (const { ordinal, balance } of rows) balances[Number(ordinal) - 1] = BigInt(balance);
  return balances;
}
