import { isGroup } from '../booksKey.js';

/**
 * Begins a transaction that writes books. What one process alone writes stays as it was at the start. Groups of a chain
 * move its head together: a transaction has to see where the others have moved it.
 *
 * @param key of the books
 */
export function beginSql(key: number): string {
  return isGroup(key) ? 'BEGIN' : 'BEGIN ISOLATION LEVEL REPEATABLE READ';
}
