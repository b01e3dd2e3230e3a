/** Begins the key of the advisory lock that keeps a chain to one processor. */
const PROCESSOR_LOCK = 7641n;

/** Key of the advisory lock under which numbers are given; no other program on the server uses it. */
export const NUMBERS_LOCK = 7641_2029n;

/** One key of 64 bits for every key of books: no two of them share a lock. */
export function chainLockKey(booksKey: number): bigint {
  return (PROCESSOR_LOCK << 50n) + BigInt(booksKey);
}

/** Begins the key of the lock under which the head of a chain with groups moves. */
const COMMON_HEAD_LOCK = 7660n;

/** Key of the advisory lock under which the head of a chain with groups moves. */
export function commonHeadLock(chainId: number): bigint {
  return (COMMON_HEAD_LOCK << 50n) + BigInt(chainId);
}

/** Begins the key of the lock under which groups of a chain open their books one after the other. */
const OPENING_LOCK = 7680n;

/** Key of the advisory lock under which groups of a chain open their books one after the other. */
export function openingLock(chainId: number): bigint {
  return (OPENING_LOCK << 50n) + BigInt(chainId);
}
