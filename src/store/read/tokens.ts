import { type Address, addressBytes, addressFromBytes } from '../../address.js';
import type { TokenRules } from '../../ledger/apply.js';
import type { IntervalUnit } from '../../ledger/state.js';
import type { Queryable } from './queryable.js';
import { readRows } from './statement.js';
import { storedPolicy } from './storedPolicy.js';

/** An indexed token: what never changes after its deployment. */
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
  readonly rules: TokenRules;
}

/** A row of `token`. */
export interface TokenRow {
  readonly number: number;
  readonly chain_id: number;
  readonly address: Buffer;
  readonly name: string | null;
  readonly symbol: string | null;
  readonly decimals: number | null;
  readonly policy: string;
  readonly policy_parts: unknown;
  readonly percent_claimable: number;
  readonly window: number | null;
  readonly interval: string | null;
  readonly interval_unit: string | null;
  readonly start_block: number;
  readonly initial_last_snapshot: string | null;
}

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
    `SELECT number, chain_id, address, name, symbol, decimals, policy, policy_parts,
       percent_claimable,
       "window", "interval", interval_unit, start_block, initial_last_snapshot
     FROM token
     WHERE ($1::bigint IS NULL OR chain_id = $1) AND ($2::bytea IS NULL OR address = $2)
     ORDER BY number`,
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
      terms: {
        percentClaimable: BigInt(row.percent_claimable),
        window: row.window,
        interval: row.interval === null ? null : BigInt(row.interval),
        intervalUnit: intervalUnit(row.interval_unit),
      },
    },
  };
}

function intervalUnit(text: string | null): IntervalUnit | null {
  if (text === null) return null;
  if (text === 'seconds' || text === 'blocks') return text;
  throw new Error(`token.interval_unit "${text}" is neither seconds nor blocks`);
}
