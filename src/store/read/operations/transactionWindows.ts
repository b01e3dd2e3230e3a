import { parseOperationId } from '../../ids.js';
import { type Hex, hexBytes } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { blockWindow, type OperationWindow } from './operationWindows.js';

/** Name of the index of a table by the first bytes of the transaction's hash. */
function transactionIndexOf(table: string): string {
  return `${table}_by_transaction`;
}

/**
 * The condition that a row is of a transaction, so that its index finds the row.
 *
 * @param column SQL of the hash of the row
 * @param hash SQL of the wanted hash
 */
export function ofTransactionSql(column: string, hash: string): string {
  return `substring(${column} FROM 1 FOR 6) = substring(${hash} FROM 1 FOR 6) AND ${column} = ${hash}`;
}

/** Which of the indexes by transaction exist, of the tables in question. */
export async function transactionIndexes(
  db: Queryable,
  tables: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await readRows<{ readonly name: string }>(
    db,
    'transaction_indexes',
    `SELECT wanted.name FROM unnest($1::text[]) AS wanted (name)
     JOIN pg_index i ON i.indexrelid = to_regclass(wanted.name) WHERE i.indisvalid`,
    [tables.map(transactionIndexOf)],
  );
  const names = new Set(rows.map(({ name }) => name));
  return new Set(tables.filter((table) => names.has(transactionIndexOf(table))));
}

/**
 * The parts of windows in which some transactions have rows: a block of each. Without the index by
 * transaction, which is created after the backfill, the windows stay as they are.
 *
 * The planner expects any range of row ids to be small, and would not take the index of its own accord.
 */
export async function transactionWindows(
  db: Queryable,
  table: string,
  windows: readonly OperationWindow[],
  hashes: readonly Hex[],
): Promise<readonly OperationWindow[]> {
  if (windows.length === 0) return windows;
  if (!(await transactionIndexes(db, [table])).has(table)) return windows;
  const rows = await readRows<{ readonly id: string }>(
    db,
    `${table}_of_transactions`,
    `SELECT id FROM ${table} WHERE substring(transaction_hash FROM 1 FOR 6) = ANY($2::bytea[])
     AND transaction_hash = ANY($1::bytea[])`,
    [hashes.map(hexBytes), hashes.map((hash) => hexBytes(hash).subarray(0, 6))],
  );
  const found = new Map<string, OperationWindow>();
  for (const { id } of rows) {
    const place = parseOperationId(id);
    if (place === null) throw new RangeError(`${id} is not the id of an operation`);
    const { tokenNumber, block } = place;
    const window = windows.find(
      (one) => one.tokenNumber === tokenNumber && one.fromBlock <= block && block <= one.toBlock,
    );
    if (window === undefined) continue;
    const [part] = blockWindow(tokenNumber, window.chainId, block, block);
    if (part !== undefined) found.set(`${tokenNumber} ${block}`, part);
  }
  return [...found.values()];
}
