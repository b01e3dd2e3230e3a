import { type ChainHead, type ChainHeadRow, decodeChainHead } from './chainHeads.js';
import type { Queryable } from './queryable.js';
import { readRows } from './statement.js';
import { decodeToken, TOKEN_COLUMNS, type TokenRecord, type TokenRow } from './tokens.js';
import { TERMS_OF_TOKEN } from './tokenTerms.js';

/** How far each chain is indexed, and the tokens that were indexed then. */
export interface IndexedTokens {
  /** By chain id, as `readChainHeads` has them. */
  readonly heads: ReadonlyMap<number, ChainHead>;
  /** All of them, as `readTokens` has them. */
  readonly tokens: readonly TokenRecord[];
}

/** Either a chain or a token; the fields of the other are null. */
type Row = {
  readonly [Field in keyof ChainHeadRow as `head_${Field}`]: ChainHeadRow[Field] | null;
} & {
  readonly [Field in keyof TokenRow]: TokenRow[Field] | null;
};

/**
 * What nearly every answer begins with, in one statement: two cost as much as all the rest of a
 * small answer.
 *
 * @throws LedgerError `LEDGER_UNKNOWN_POLICY` for a token that a newer program indexed.
 */
export async function readIndexedTokens(db: Queryable): Promise<IndexedTokens> {
  const rows = await readRows<Row>(
    db,
    'indexed_tokens',
    `SELECT h.chain_id AS head_chain_id, h.height AS head_height, h.hash AS head_hash,
       h."timestamp" AS head_timestamp, h.finalized_height AS head_finalized_height,
       h.finalized_hash AS head_finalized_hash,
       ${TOKEN_COLUMNS}, CASE WHEN t.number IS NOT NULL THEN ${TERMS_OF_TOKEN} END AS terms
     FROM (SELECT * FROM chain_cursor WHERE height >= 0) h
     FULL JOIN token t ON false
     ORDER BY head_chain_id, t.number`,
    [],
  );
  const heads = new Map<number, ChainHead>();
  const tokens: TokenRecord[] = [];
  for (const row of rows) {
    if (row.head_chain_id === null) tokens.push(decodeToken(row as TokenRow));
    else heads.set(row.head_chain_id, decodeChainHead(headOf(row)));
  }
  return { heads, tokens };
}

function headOf(row: Row): ChainHeadRow {
  return {
    chain_id: row.head_chain_id,
    height: row.head_height,
    hash: row.head_hash,
    timestamp: row.head_timestamp,
    finalized_height: row.head_finalized_height,
    finalized_hash: row.head_finalized_hash,
  } as ChainHeadRow;
}
