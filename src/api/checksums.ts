import type { Address } from '../address.js';
import { loadKeccak256 } from '../proofs/keccak.js';

const keccak256 = await loadKeccak256();

/** Twice so many are kept, some 20 MB: the addresses that come again on every page. */
const GENERATION = 50_000;
let young = new Map<Address, string>();
let old = new Map<Address, string>();

/** `a` to `f` as they are in ASCII; digits are below, and have no upper case. */
const FIRST_LETTER = 0x61;
const TO_UPPER = 0x20;
const HEX_DIGITS = 40;

/**
 * EIP-55 form of an address in lower case, for answers with many of them: a hash of its digits,
 * made by WebAssembly and kept for the next time.
 */
export function checksummedQuickly(address: Address): string {
  const recent = young.get(address);
  if (recent !== undefined) return recent;
  const text = old.get(address) ?? checksum(address);
  if (young.size >= GENERATION) {
    old = young;
    young = new Map();
  }
  young.set(address, text);
  return text;
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
