/** Writes values in COPY's binary format into a buffer, without allocating objects. */

/** Length, header and 20 groups of four digits: enough for numeric(78,0). */
export const NUMERIC_BYTES_AT_MOST = 4 + 8 + 2 * 20;
/** Its length and its header. */
const NUMERIC_HEADER_BYTES = 4 + 8;

const ZERO = 48;
const DIGITS_PER_GROUP = 4;
const WORD = 2 ** 32;
/** From 1970 to 2000, the epoch of Postgres. */
const EPOCH_MILLISECONDS = 946_684_800_000;
const HEX_VALUES = hexValues();

/**
 * Writes a `numeric` of scale 0 after its length: groups of four decimal digits, the first of the
 * highest weight.
 *
 * @param value not negative, at most 78 digits
 * @returns the offset after it
 */
export function writeNumeric(target: Uint8Array, start: number, value: bigint): number {
  const digits = value.toString();
  const groups = value === 0n ? 0 : Math.ceil(digits.length / DIGITS_PER_GROUP);
  // Lengths, number of groups and weight have one byte each that is not zero. Sign and scale are zero too.
  for (let at = start; at < start + NUMERIC_HEADER_BYTES; at++) target[at] = 0;
  target[start + 3] = 8 + 2 * groups;
  target[start + 5] = groups;
  target[start + 7] = Math.max(groups - 1, 0);
  let at = start + NUMERIC_HEADER_BYTES;
  let next = 0;
  let end = digits.length - DIGITS_PER_GROUP * (groups - 1);
  for (let group = 0; group < groups; group++) {
    let sum = 0;
    for (; next < end; next++) sum = sum * 10 + digits.charCodeAt(next) - ZERO;
    target[at++] = sum >> 8;
    target[at++] = sum & 0xff;
    end += DIGITS_PER_GROUP;
  }
  return at;
}

/** Writes the bytes of `0x…`. */
export function writeHex(target: Uint8Array, start: number, hex: string): void {
  let at = start;
  for (let index = 2; index < hex.length; index += 2) {
    const high = HEX_VALUES[hex.charCodeAt(index)] ?? 0;
    const low = HEX_VALUES[hex.charCodeAt(index + 1)] ?? 0;
    target[at++] = (high << 4) | low;
  }
}

/** Writes a number as decimal digits, with leading zeros. */
export function writeDigits(target: Uint8Array, start: number, value: number, count: number): void {
  let rest = value;
  for (let at = start + count - 1; at >= start; at--) {
    target[at] = ZERO + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

/** Writes a `bigint`. @param value from 0 to 2^53 - 1 */
export function writeWhole(target: Buffer, start: number, value: number): void {
  const low = value % WORD;
  target.writeUInt32BE((value - low) / WORD, start);
  target.writeUInt32BE(low, start + 4);
}

/** Writes a `timestamptz`. @param timestamp ISO 8601 */
export function writeTimestamp(target: Buffer, start: number, timestamp: string): void {
  target.writeBigInt64BE(BigInt(Date.parse(timestamp) - EPOCH_MILLISECONDS) * 1000n, start);
}

function hexValues(): Uint8Array {
  const values = new Uint8Array(128);
  for (let value = 0; value < 16; value++) {
    const digit = value.toString(16);
    values[digit.charCodeAt(0)] = value;
    values[digit.toUpperCase().charCodeAt(0)] = value;
  }
  return values;
}
