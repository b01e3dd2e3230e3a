import { type Address, addressBytes } from '../../../address.js';
import type { ContractTerms, RulesHistory } from '../../../ledger/terms.js';
import {
  decodeToken as decodeRow,
  TOKEN,
  type TokenColumns,
  type TokenRow,
} from '../../../model/tables/token.js';
import { keySql } from '../../booksKey.js';
import { heldBlockSql } from '../chains/heldBlock.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { rowColumns } from '../query/tableRow.js';
import { storedPolicy } from './storedPolicy.js';
import { decodeTerms, TERMS_OF_TOKEN, type TermsArray, termsHistory } from './tokenTerms.js';

/** An indexed token. Only its terms can change after its deployment. */
export interface TokenRecord
  extends Omit<TokenRow, 'id' | 'policy' | 'policyParts' | keyof ContractTerms> {
  /** Its rules at a block are those of `rulesAt`. */
  readonly rules: RulesHistory;
  /** The newest block at whose end its books are right, since it is held; `null`: they continue. */
  readonly heldBlock: number | null;
}

/** A row of `token`, with the changes of its terms, the newest first. */
export interface ReadToken extends TokenColumns {
  readonly terms: readonly TermsArray[];
  readonly held_block: number | null;
}

/** Of `token t`. */
export const TOKEN_COLUMNS = rowColumns(TOKEN, 't').join(', ');

/**
 * Returns the indexed tokens, in the order of first indexing: all live ones, those of a key of
 * books (a chain), or those with an address (one for each chain on which it is indexed).
 *
 * @throws LedgerError `LEDGER_UNKNOWN_POLICY` for a token that a newer program indexed
 */
export async function readTokens(
  db: Queryable,
  filter: { chainId?: number | null; address?: Address | null } = {},
): Promise<TokenRecord[]> {
  const rows = await readRows<ReadToken>(
    db,
    'tokens',
    `SELECT ${TOKEN_COLUMNS}, ${TERMS_OF_TOKEN} AS terms, ${heldBlockSql('t')} AS held_block
     FROM token t
     WHERE (${keySql('t.chain_id', '$1')}) AND ($2::bytea IS NULL OR t.address = $2)
     ORDER BY t.number`,
    [filter.chainId ?? null, filter.address == null ? null : addressBytes(filter.address)],
  );
  return rows.map(decodeToken);
}

/** @throws LedgerError `LEDGER_UNKNOWN_POLICY` */
export function decodeToken(row: ReadToken): TokenRecord {
  const { number, chainId, address, name, symbol, decimals, ...facts } = decodeRow(row);
  const { startBlock, initialLastSnapshot, archivedBlock } = facts;
  const policy = storedPolicy(facts.policy, facts.policyParts);
  const rules = { policy, first: decodeTerms(row), ...termsHistory(row.terms) };
  return {
    number,
    chainId,
    address,
    name,
    symbol,
    decimals,
    startBlock,
    initialLastSnapshot,
    archivedBlock,
    heldBlock: row.held_block === null ? null : Number(row.held_block),
    rules,
  };
}
