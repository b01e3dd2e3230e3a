import { keccak256 } from 'ethers';

const BLOOM_BYTES = 256;
const REMEMBERED_AT_MOST = 50_000;
const HEX = /^0x(?:[0-9a-fA-F]{2})*$/;

/** Positions of the three bits of a value; the same addresses and topics come again and again. */
const positions = new Map<string, readonly number[]>();

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
  const unexplained = Buffer.from(bloom);
  let isForeign = false;
  const explain = (value: string) => {
    for (const position of positionsOf(value)) {
      const index = BLOOM_BYTES - 1 - (position >> 3);
      const bit = 1 << (position & 7);
      if (((bloom[index] ?? 0) & bit) === 0) isForeign = true;
      unexplained[index] = (unexplained[index] ?? 0) & ~bit;
    }
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
  return { isShort: unexplained.some((byte) => byte !== 0), isForeign };
}

function positionsOf(value: string): readonly number[] {
  const known = positions.get(value);
  if (known !== undefined) return known;
  // What is no hex sets no bits; whoever reads the log refuses it.
  if (!HEX.test(value)) return [];
  const hash = Buffer.from(keccak256(value).slice(2), 'hex');
  const found = [0, 2, 4].map((offset) => hash.readUInt16BE(offset) & 2047);
  if (positions.size >= REMEMBERED_AT_MOST) positions.clear();
  positions.set(value, found);
  return found;
}
