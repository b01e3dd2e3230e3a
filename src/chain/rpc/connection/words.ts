import type { Address } from '../../../address.js';
import { loadKeccak256 } from '../../../proofs/keccak.js';

export const BLOOM_BYTES = 256;

const REMEMBERED_AT_MOST = 50_000;
const ADDRESS_DIGITS = 40;
const HEX = /^0x(?:[0-9a-fA-F]{2})*$/;

const keccak256 = await loadKeccak256();

/**
 * An address or a topic, and its three bits in a bloom filter (Yellow Paper, 4.3.1): for each
 * its byte and a mask. One shape, for speed.
 */
export interface Word {
  /** In lower case. */
  readonly text: string;
  /** Its last 20 bytes: what an indexed topic of that type holds. The same string each time. */
  readonly address: Address;
  readonly byte0: number;
  readonly mask0: number;
  readonly byte1: number;
  readonly mask1: number;
  readonly byte2: number;
  readonly mask2: number;
}

/** The same addresses and topics come again and again. */
const known = new Map<string, Word>();

/**
 * The shared object of a word: the same object, with the same string, each time, as long as it is
 * remembered. A second lookup of the same string is much faster, and memory has only one of a
 * million equal strings.
 *
 * @returns `null` if the text is not hex.
 */
export function wordOf(written: string): Word | null {
  return known.get(written) ?? newWord(written);
}

/** The last 20 bytes of a word in lower case. */
export function addressIn(text: string): Address {
  return `0x${text.slice(2).slice(-ADDRESS_DIGITS)}`;
}

function newWord(written: string): Word | null {
  if (!HEX.test(written)) return null;
  const text = written.toLowerCase();
  const hash = Buffer.from(keccak256(Buffer.from(text.slice(2), 'hex')));
  const position = (offset: number) => hash.readUInt16BE(offset) & 2047;
  const byteOf = (offset: number) => BLOOM_BYTES - 1 - (position(offset) >> 3);
  const maskOf = (offset: number) => 1 << (position(offset) & 7);
  const word: Word = {
    text,
    address: addressIn(text),
    byte0: byteOf(0),
    mask0: maskOf(0),
    byte1: byteOf(2),
    mask1: maskOf(2),
    byte2: byteOf(4),
    mask2: maskOf(4),
  };
  if (known.size >= REMEMBERED_AT_MOST) known.clear();
  known.set(written, word);
  return word;
}
