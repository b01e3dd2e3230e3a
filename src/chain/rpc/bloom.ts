import { loadKeccak256 } from '../../proofs/keccak.js';

const BLOOM_BYTES = 256;
const REMEMBERED_AT_MOST = 50_000;
const HEX = /^0x(?:[0-9a-fA-F]{2})*$/;

/** The three bits of a value: for each its byte and a mask. One shape, for speed. */
interface Bits {
  readonly byte0: number;
  readonly mask0: number;
  readonly byte1: number;
  readonly mask1: number;
  readonly byte2: number;
  readonly mask2: number;
}

/** What is no hex sets no bits; whoever reads the log refuses it. */
const NO_BITS: Bits = { byte0: 0, mask0: 0, byte1: 0, mask1: 0, byte2: 0, mask2: 0 };

const keccak256 = await loadKeccak256();
/** The same addresses and topics come again and again. */
const known = new Map<string, Bits>();

export interface LoggedFields {
  readonly address: string;
  readonly topics: readonly string[];
}

/** How the logs of a block and its bloom filter differ. */
export interface BloomDifference {
  /** The filter has bits that no log accounts for: logs are missing. */
  readonly isShort: boolean;
  /** A log sets bits that the filter has not: it may be of another block. */
  readonly isForeign: boolean;
}

/**
 * Compares logs with the bloom filter of their block.
 *
 * @param logsBloom of the header, hex (Yellow Paper, 4.3.1).
 */
export function compareWithBloom(
  logs: readonly LoggedFields[],
  logsBloom: string,
): BloomDifference {
  const bloom = Buffer.from(logsBloom.slice(2), 'hex');
  // A filter of another length has no bits that a log could set.
  if (bloom.length !== BLOOM_BYTES) return { isShort: true, isForeign: true };
  const unexplained = Buffer.from(bloom);
  let foreign = 0;
  const explain = (value: string) => {
    const { byte0, mask0, byte1, mask1, byte2, mask2 } = known.get(value) ?? bitsOf(value);
    foreign |= mask0 & ~(bloom[byte0] ?? 0);
    foreign |= mask1 & ~(bloom[byte1] ?? 0);
    foreign |= mask2 & ~(bloom[byte2] ?? 0);
    unexplained[byte0] = (unexplained[byte0] ?? 0) & ~mask0;
    unexplained[byte1] = (unexplained[byte1] ?? 0) & ~mask1;
    unexplained[byte2] = (unexplained[byte2] ?? 0) & ~mask2;
  };
  // Neighbours often have the contract and the event in common: these are looked at once.
  let before: LoggedFields | undefined;
  for (const log of logs) {
    if (log.address !== before?.address) explain(log.address);
    for (let index = 0; index < log.topics.length; index++) {
      const topic = log.topics[index] ?? '';
      if (topic !== before?.topics[index]) explain(topic);
    }
    before = log;
  }
  return { isShort: unexplained.some((byte) => byte !== 0), isForeign: foreign !== 0 };
}

function bitsOf(value: string): Bits {
  if (!HEX.test(value)) return NO_BITS;
  const hash = Buffer.from(keccak256(Buffer.from(value.slice(2), 'hex')));
  const position = (offset: number) => hash.readUInt16BE(offset) & 2047;
  const byteOf = (offset: number) => BLOOM_BYTES - 1 - (position(offset) >> 3);
  const maskOf = (offset: number) => 1 << (position(offset) & 7);
  const bits: Bits = {
    byte0: byteOf(0),
    mask0: maskOf(0),
    byte1: byteOf(2),
    mask1: maskOf(2),
    byte2: byteOf(4),
    mask2: maskOf(4),
  };
  if (known.size >= REMEMBERED_AT_MOST) known.clear();
  known.set(value, bits);
  return bits;
}
