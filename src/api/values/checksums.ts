import type { Address } from '../../address.js';
import { loadKeccak256 } from '../../proofs/keccak.js';

const keccak256 = await loadKeccak256();

/** Of two addresses each; all together some 35 MB at most. */
const PAIRS = 1 << 17;
/**
 * Addresses that were asked for lately with their checksummed forms, in the pair that their first
 * digits name, the newer one first. A map of as many costs more to look into than a hash.
 */
const addresses = new Array<string>(2 * PAIRS).fill('');
const texts = new Array<string>(2 * PAIRS).fill('');

/** `a` to `f` as they are in ASCII; digits are below, and have no upper case. */
const FIRST_LETTER = 0x61;
const TO_UPPER = 0x20;
const HEX_DIGITS = 40;

/**
 * EIP-55 form of an address in lower case, for answers with many of them: a hash of its digits,
 * made by WebAssembly and kept for the next time.
 */
export function checksummedQuickly(address: Address): string {
  const newer = 2 * pairOf(address);
  if (addresses[newer] === address) return texts[newer] ?? '';
  const older = newer + 1;
  if (addresses[older] === address) return texts[older] ?? '';
  addresses[older] = addresses[newer] ?? '';
  texts[older] = texts[newer] ?? '';
  const text = checksum(address);
  addresses[newer] = address;
  texts[newer] = text;
  return text;
}

/** By its first five digits: addresses are hashes, so they spread evenly. */
function pairOf(address: Address): number {
  let number = 0;
  for (let index = 2; index < 7; index++) {
    number = (number << 4) | digitOf(address.charCodeAt(index));
  }
  return number % PAIRS;
}

/** Of a hexadecimal digit in ASCII, in lower case. */
function digitOf(code: number): number {
  return code < FIRST_LETTER ? code & 0xf : code - FIRST_LETTER + 10;
}

function checksum(address: Address): string {
  const digits = Buffer.from(address.slice(2), 'latin1');
  const hash = keccak256(digits);
  for (let index = 0; index < HEX_DIGITS; index++) {
    const digit = digits[index] ?? 0;
    const byte = hash[index >> 1] ?? 0;
    const nibble = index % 2 === 0 ? byte >> 4 : byte & 0xf;
    if (digit >= FIRST_LETTER && nibble >= 8) digits[index] = digit - TO_UPPER;
  }
  return `0x${digits.toString('latin1')}`;
}
