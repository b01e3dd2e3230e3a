import { type Address, addressBytes } from '../../../address.js';
import { readByToken } from '../query/byToken.js';
import type { Queryable } from '../query/queryable.js';
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
  const rows = await readByToken<
    { readonly ordinal: number; readonly balance: string },
    BalanceKey
  >(db, {
    name: 'balances',
    isJoinable: true,
    keys,
    tokenOf: ({ tokenNumber }) => tokenNumber,
    columns: {
      account: { type: 'bytea', of: ({ account }) => addressBytes(account) },
      block_number: { type: 'bigint', of: ({ block }) => block },
    },
    branch: (token, items) => `SELECT k.ordinal, c.balance FROM ${items}
        CROSS JOIN LATERAL (${newestCheckpoint(token, 'k', 'k.block_number')}) c`,
  });
  const balances: (bigint | null)[] = keys.map(() => null);
  for (const { ordinal, balance } of rows) balances[ordinal] = BigInt(balance);
  return balances;
}
