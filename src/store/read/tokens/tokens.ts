import { type Address, addressBytes, addressFromBytes } from '../../../address.js';
import type { RulesHistory } from '../../../ledger/terms.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { storedPolicy } from './storedPolicy.js';
import {
  decodeTerms,
  type StoredTerms,
  TERMS_OF_TOKEN,
  type TermsArray,
  termsHistory,
} from './tokenTerms.js';

/** An indexed token. All but its terms stays as it was at its deployment. */
export interface TokenRecord {
  /** Our number of it; part of every row id. */
  readonly number: number;
  readonly chainId: number;
  readonly address: Address;
  readonly name: string | null;
  readonly symbol: string | null;
  readonly decimals: number | null;
  readonly startBlock: number;
  /** Value of the contract's own getter before the first snapshot, if it has one. */
  readonly initialLastSnapshot: bigint | null;
  /** Its rules at a block: `rulesAt`. */
  readonly rules: RulesHistory;
}

/** A row of `token`. */
export interface TokenRow extends StoredTerms {
  readonly number: number;
  readonly chain_id: number;
  readonly address: Buffer;
  readonly name: string | null;
  readonly symbol: string | null;
  readonly decimals: number | null;
  readonly policy: string;
  readonly policy_parts: unknown;
  readonly start_block: number;
  readonly initial_last_snapshot: string | null;
  /** Changes of its terms, the newest first. */
  readonly terms: readonly TermsArray[];
}

/** Of `token t`. */
export const TOKEN_COLUMNS = `t.number, t.chain_id, t.address, t.name, t.symbol, t.decimals, t.policy,
  t.policy_parts, t.percent_claimable, t."window", t."interval", t.interval_unit, t.is_paused,
  t.start_block, t.initial_last_snapshot`;

/**
 * The indexed tokens, in the order of first indexing: all of them, those of a chain, or those
 * with an address (one for each chain on which it is indexed).
 *
 * @throws LedgerError `LEDGER_UNKNOWN_POLICY` for a token that a newer program indexed.
 */
export async function readTokens(
  db: Queryable,
  filter: { chainId?: number | null; address?: Address | null } = {},
): Promise<TokenRecord[]> {
  const rows = await readRows<TokenRow>(
    db,
    'tokens',
    `SELECT ${TOKEN_COLUMNS}, ${TERMS_OF_TOKEN} AS terms
     FROM token t
     WHERE ($1::bigint IS NULL OR t.chain_id = $1) AND ($2::bytea IS NULL OR t.address = $2)
     ORDER BY t.number`,
    [filter.chainId ?? null, filter.address == null ? null : addressBytes(filter.address)],
  );
  return rows.map(decodeToken);
}

/** @throws LedgerError `LEDGER_UNKNOWN_POLICY` */
export function decodeToken(row: TokenRow): TokenRecord {
  return {
    number: row.number,
    chainId: row.chain_id,
    address: addressFromBytes(row.address),
    name: row.name,
    symbol: row.symbol,
    decimals: row.decimals,
    startBlock: row.start_block,
    initialLastSnapshot:
      row.initial_last_snapshot === null ? null : BigInt(row.initial_last_snapshot),
    rules: {
      policy: storedPolicy(row.policy, row.policy_parts),
      first: decodeTerms(row),
      ...termsHistory(row.terms),
    },
  };
}
