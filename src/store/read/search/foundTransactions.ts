import { ofTransactionSql, transactionIndexes } from '../operations/transactionWindows.js';
import { type Hex, hexBytes } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** A transaction of a chain, and the lists that have rows of it. */
export interface FoundTransaction {
  readonly chainId: number;
  readonly block: number;
  readonly lists: readonly string[];
}

/** The tables of operations, each with the query of the API that shows its rows. */
const PLACES: readonly (readonly [table: string, owner: string, column: string, list: string])[] = [
  ['receipt', 'token', 'token_number', 'receipts'],
  ['claim', 'token', 'token_number', 'claims'],
  ['redemption', 'token', 'token_number', 'redemptions'],
  ['snapshot', 'token', 'token_number', 'snapshotsConnection'],
  ['transfer', 'token', 'token_number', 'transfers'],
  ['token_terms', 'token', 'token_number', 'token'],
  ['oracle_request', 'contract', 'contract_number', 'requests'],
  ['oracle_result', 'contract', 'contract_number', 'results'],
  ['model_change', 'contract', 'contract_number', 'models'],
  ['model_payout', 'contract', 'contract_number', 'models'],
  ['sale_entry', 'sale', 'sale_number', 'saleEntries'],
  ['pool_share', 'deposit_pool', 'pool_number', 'poolShares'],
  ['mint_payment', 'contract', 'collection_number', 'mints'],
  ['aigc_transfer', 'contract', 'collection_number', 'aigcTransfers'],
  ['aigc_data', 'contract', 'collection_number', 'aigcData'],
  ['aigc_request', 'contract', 'collection_number', 'aigcData'],
];

/** Whether all indexes by transaction exist: without them, a search would read the tables to their ends. */
export async function areTransactionsIndexed(db: Queryable): Promise<boolean> {
  const tables = PLACES.map(([table]) => table);
  return (await transactionIndexes(db, tables)).size === tables.length;
}

/**
 * Where the rows of a transaction are: one answer for each chain that has some. A group of contracts may have rows above
 * the head of the chain, which no answer has.
 */
export async function findTransaction(db: Queryable, hash: Hex): Promise<FoundTransaction[]> {
  const places = PLACES.map(([table, owner, column, list]) => {
    const owners =
      owner === 'token'
        ? `(SELECT number, chain_id FROM token UNION ALL
            SELECT a.number, t.chain_id FROM revenue_asset a JOIN token t ON t.number = a.token_number)`
        : owner;
    return `SELECT o.chain_id, r.block_number, '${list}' AS list
      FROM ${table} r JOIN ${owners} o ON o.number = r.${column}
      WHERE ${ofTransactionSql('r.transaction_hash', '$1::bytea')} AND o.chain_id > 0`;
  });
  const rows = await readRows<{
    readonly chain_id: number;
    readonly block: number;
    readonly lists: string[];
  }>(
    db,
    'found_transaction',
    `SELECT chain_id, min(block_number) AS block, array_agg(DISTINCT list ORDER BY list) AS lists
     FROM (${places.join(' UNION ALL ')}) found
     WHERE block_number <= (SELECT height FROM chain_cursor c WHERE c.chain_id = found.chain_id)
     GROUP BY chain_id ORDER BY chain_id`,
    [hexBytes(hash)],
  );
  return rows.map(({ chain_id: chainId, block, lists }) => ({ chainId, block, lists }));
}
