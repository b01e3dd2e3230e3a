import { LAST_CHAIN_ID, LAST_GROUPED_CHAIN_ID } from '../chainIds.js';

/**
 * The key under which the store keeps the books of a chain: everything that has a column `chain_id`.
 * Live books have the chain id itself. Books that are indexed next to them, until they join, have
 * its negative. Readers see live books only.
 *
 * A group of contracts that a process of its own indexes has a key below all of these. Only how far the group
 * is indexed has this key: its contracts and their rows are live books.
 */
export type BooksKey = number;

const KEYS_OF_GROUPS = LAST_CHAIN_ID + 1;
const KEYS_OF_A_PLACE = LAST_GROUPED_CHAIN_ID + 1;

/** The key of the books that are to join those of a chain. */
export function joiningKey(chainId: number): BooksKey {
  return -Math.abs(chainId);
}

/** The key of a group of contracts of a chain. @param place of the group in the config, from 0 */
export function groupKey(chainId: number, place: number): BooksKey {
  return -(KEYS_OF_GROUPS + place * KEYS_OF_A_PLACE + chainId);
}

/** The chain that books belong to, joining or live. Nodes know this id only. */
export function chainIdOf(key: BooksKey): number {
  return isGroup(key) ? (-key - KEYS_OF_GROUPS) % KEYS_OF_A_PLACE : Math.abs(key);
}

/** Whether books are still to join. */
export function isJoining(key: BooksKey): boolean {
  return key < 0 && !isGroup(key);
}

/** Whether it is the key of a group of contracts. */
export function isGroup(key: BooksKey): boolean {
  return key <= -KEYS_OF_GROUPS;
}

/** The key of what is indexed: that of the chain for a group, whose contracts are live books. */
export function registryKey(key: BooksKey): BooksKey {
  return isGroup(key) ? chainIdOf(key) : key;
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
