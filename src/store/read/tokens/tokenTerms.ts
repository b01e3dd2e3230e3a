import type { IntervalUnit } from '../../../ledger/state.js';
import type { ContractTerms, RulesHistory, TermsChange } from '../../../ledger/terms.js';
import {
  decodeTokenTerms,
  TOKEN_TERMS,
  type TokenTermsColumns,
} from '../../../model/tables/tokenTerms.js';
import { lastOperationId } from '../../ids.js';
import type { Hex } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { rowColumns } from '../query/tableRow.js';

/**
 * Changes of terms that are read with a token. Questions about blocks before the oldest of them are
 * rejected.
 */
const CHANGES_AT_HAND = 1000;

/** Columns of `token` and `token_terms`. */
export type StoredTerms = TokenTermsColumns;

/** Block, percentage, window, interval, unit, pause. */
export type TermsArray = readonly [
  number,
  number,
  number | null,
  string | null,
  string | null,
  boolean | null,
];

/** The newest changes of the terms of `token t`, the newest first, as arrays in JSON. */
export const TERMS_OF_TOKEN = `(SELECT coalesce(json_agg(v.terms ORDER BY v.id DESC), '[]') FROM (
    SELECT c.id, json_build_array(c.block_number, c.percent_claimable, c."window",
      c."interval"::text, c.interval_unit, c.is_paused) AS terms
    FROM token_terms c WHERE c.token_number = t.number ORDER BY c.id DESC LIMIT ${CHANGES_AT_HAND}
  ) v)`;

/** The changes of a token's terms, from what `TERMS_OF_TOKEN` reads. */
export function termsHistory(
  arrays: readonly TermsArray[],
): Pick<RulesHistory, 'changes' | 'knownFrom'> {
  const changes = arrays.map(([block, percent, window, interval, unit, isPaused]): TermsChange => {
    const stored = { percent_claimable: percent, window, interval, interval_unit: unit };
    return { block, terms: decodeTerms({ ...stored, is_paused: isPaused }) };
  });
  const isWhole = changes.length < CHANGES_AT_HAND;
  const oldest = changes.at(-1)?.block ?? 0;
  return { changes: changes.reverse(), knownFrom: isWhole ? 0 : oldest };
}

export function decodeTerms(row: StoredTerms): ContractTerms {
  const terms = decodeTokenTerms(row);
  return {
    ...terms,
    percentClaimable: BigInt(terms.percentClaimable),
    intervalUnit: intervalUnit(terms.intervalUnit),
  };
}

function intervalUnit(text: string | null): IntervalUnit | null {
  if (text === null) return null;
  if (text === 'seconds' || text === 'blocks') return text;
  throw new Error(`interval_unit "${text}" is neither seconds nor blocks`);
}

/** A change of a token's terms, with the terms from then on. */
export interface TermsRecord extends ContractTerms {
  readonly block: number;
  readonly timestamp: Date;
  readonly transactionHash: Hex | null;
  readonly transactionIndex: number | null;
  readonly position: number;
}

interface TermsRow extends TokenTermsColumns {
  readonly block_number: number;
  readonly timestamp: Date;
  readonly transaction_hash: string | null;
  readonly transaction_index: number | null;
  readonly position: number;
}

/** The changes of a token's terms in a range of blocks, the newest first. */
export async function readTermsChanges(
  db: Queryable,
  tokenNumber: number,
  {
    after,
    upTo,
    limit,
  }: { readonly after: number; readonly upTo: number; readonly limit: number | null },
): Promise<TermsRecord[]> {
  const rows = await readRows<TermsRow>(
    db,
    'terms_changes',
    `SELECT block_number, "timestamp", encode(transaction_hash, 'hex') AS transaction_hash,
       transaction_index, position, ${rowColumns(TOKEN_TERMS, 'token_terms').join(', ')}
     FROM token_terms WHERE token_number = $1 AND id > $2 AND id <= $3 ORDER BY id DESC LIMIT $4`,
    [tokenNumber, lastOperationId(tokenNumber, after), lastOperationId(tokenNumber, upTo), limit],
  );
  return rows.map((row) => ({
    ...decodeTerms(row),
    block: row.block_number,
    timestamp: row.timestamp,
    transactionHash: row.transaction_hash === null ? null : `0x${row.transaction_hash}`,
    transactionIndex: row.transaction_index,
    position: row.position,
  }));
}
