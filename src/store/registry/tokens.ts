import { type Address, addressBytes } from '../../address.js';
import type { RevenuePolicy } from '../../ledger/policies/policy.js';
import type { ContractTerms } from '../../ledger/terms.js';
import type { SqlClient } from '../database/sqlClient.js';
import { tokenId } from '../ids.js';
import { nextNumber } from './contracts.js';

/** A token that is about to be indexed for the first time. */
export interface NewToken {
  readonly address: Address;
  readonly policy: RevenuePolicy;
  /** Those of the first block. */
  readonly terms: ContractTerms;
  readonly startBlock: number;
  readonly name: string | null;
  readonly symbol: string | null;
  readonly decimals: number | null;
  readonly initialLastSnapshot: bigint | null;
}

/** Adds a token and returns its number, the next free one of the whole database. */
export async function insertToken(
  db: SqlClient,
  chainId: number,
  token: NewToken,
): Promise<number> {
  const number = await nextNumber(db);
  await db.query(
    `INSERT INTO token (id, number, chain_id, address, name, symbol, decimals, policy,
       percent_claimable, "window", "interval", interval_unit, start_block, initial_last_snapshot,
       policy_parts, is_paused)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      tokenId(chainId, token.address),
      number,
      chainId,
      addressBytes(token.address),
      token.name,
      token.symbol,
      token.decimals,
      token.policy.name,
      token.terms.percentClaimable,
      token.terms.window,
      token.terms.interval,
      token.terms.intervalUnit,
      token.startBlock,
      token.initialLastSnapshot,
      JSON.stringify(token.policy.parts),
      token.terms.isPaused,
    ],
  );
  return number;
}
