/**
 * Places in the order of ranks, as bytes. Byte by byte, they ascend from the largest balance down, and from the
 * lowest account up among equal balances: the order of the list of holders.
 *
 * A key is one byte for the length of the balance, the balance without leading zeros, and the 20 bytes of the
 * account. The bytes of length and balance are inverted.
 */

const ACCOUNT_BYTES = 20;
const INVERTED = 255;

/** @param balance above 0 */
export function rankKey(balance: bigint, account: Uint8Array): Buffer {
  const hex = balance.toString(16);
  const length = (hex.length + 1) >> 1;
  const key = Buffer.allocUnsafe(1 + length + ACCOUNT_BYTES);
  key[0] = INVERTED - length;
  key.write(hex.padStart(2 * length, '0'), 1, 'hex');
  for (let at = 1; at <= length; at++) key[at] = INVERTED - (key[at] ?? 0);
  key.set(account, 1 + length);
  return key;
}

/** Where the key that begins at `at` ends. */
function endOfKey(bytes: Buffer, at: number): number {
  return at + 1 + (INVERTED - (bytes[at] ?? INVERTED)) + ACCOUNT_BYTES;
}

/** The keys that follow one another in some bytes. */
export function keysIn(bytes: Buffer): Buffer[] {
  const keys: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = endOfKey(bytes, at);
    keys.push(bytes.subarray(at, end));
    at = end;
  }
  return keys;
}

/** Of some keys in their order: how many are not after a key, which begins at `at` and ends before `end`. */
export function keysUpTo(keys: readonly Buffer[], bytes: Buffer, at: number, end: number): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const key = keys[middle];
    if (key !== undefined && isUpTo(key, bytes, at, end)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Mostly one of the first bytes decides: a call of `Buffer.compare` takes longer. No key begins another one. */
function isUpTo(key: Buffer, bytes: Buffer, at: number, end: number): boolean {
  for (let index = 0; index < key.length && at + index < end; index++) {
    const difference = (key[index] ?? 0) - (bytes[at + index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return key.length <= end - at;
}

const LEFT = 0;
const CAME = 1;

/** A holder came to a place, or left it, as bytes: one byte for which of the two, and the key. */
export function rankChange(didCome: boolean, key: Buffer): Buffer {
  return Buffer.concat([Buffer.of(didCome ? CAME : LEFT), key]);
}

/**
 * Counts the holders before some places in the order of ranks, as changes are added. A search in the places
 * finds those that a change concerns, and a sum over them answers.
 */
export class RankCounter {
  private readonly places: readonly Buffer[];
  /** By the number of places that a change is not before. */
  private readonly counts: number[];

  /** @param keys of the places, in any order */
  constructor(keys: readonly Buffer[]) {
    const sorted = [...keys].sort(Buffer.compare);
    this.places = sorted.filter((key, index) => sorted[index - 1]?.equals(key) !== true);
    this.counts = Array.from({ length: this.places.length + 1 }, () => 0);
  }

  /** Adds changes that follow one another in some bytes. */
  add(changes: Buffer): void {
    for (let at = 0; at < changes.length; ) {
      const end = endOfKey(changes, at + 1);
      const passed = keysUpTo(this.places, changes, at + 1, end);
      this.counts[passed] = (this.counts[passed] ?? 0) + (changes[at] === CAME ? 1 : -1);
      at = end;
    }
  }

  /** How many holders are before the place. The holder at it does not count. */
  before(key: Buffer): number {
    const last = keysUpTo(this.places, key, 0, key.length);
    let count = 0;
    for (let index = 0; index < last; index++) count += this.counts[index] ?? 0;
    return count;
  }
}
