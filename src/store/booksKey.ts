/**
 * The key under which the store keeps the books of a chain: everything that has a column `chain_id`.
 * Live books have the chain id itself. Books that are indexed next to them, until they join, have
 * its negative. Readers see live books only.
 */
export type BooksKey = number;

/** The key of the books that are to join those of a chain. */
export function joiningKey(chainId: number): BooksKey {
  return -Math.abs(chainId);
}

/** The chain that books belong to, joining or live. Nodes know this id only. */
export function chainIdOf(key: BooksKey): number {
  return Math.abs(key);
}

/** Whether books are still to join. */
export function isJoining(key: BooksKey): boolean {
  return key < 0;
}

/**
 * Which registry rows belong to a question, in SQL: those of a key, or without one all live ones.
 *
 * @param column an SQL expression, e.g. `t.chain_id`
 * @param parameter `$1` for the key, a bigint or null
 */
export function keySql(column: string, parameter: string): string {
  return `${column} = ${parameter}::bigint OR (${parameter}::bigint IS NULL AND ${column} > 0)`;
}
