/** Begins the key of the advisory lock that keeps a chain to one processor. */
const PROCESSOR_LOCK = 7641n;

/** Key of the advisory lock under which numbers are given; no other program on the server uses it. */
export const NUMBERS_LOCK = 7641_2029n;

/** One key of 64 bits for every key of books: no two of them share a lock. */
export function chainLockKey(booksKey: number): bigint {
  return (PROCESSOR_LOCK << 50n) + BigInt(booksKey);
}
