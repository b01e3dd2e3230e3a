import { BLOOM_BYTES, type Word } from '../connection/words.js';

/** How the logs of a block and its bloom filter differ. */
export interface BloomDifference {
  /** The filter has bits that no log accounts for: logs are missing. */
  readonly isShort: boolean;
  /** A log sets bits that the filter has not: it may be of another block. */
  readonly isForeign: boolean;
}

/** Chains that keep no bloom filters have equal ones everywhere: with no bits, or with all of them. */
const NO_INFORMATION = /^0x(0*|[fF]*)$/;

/** Whether a bloom filter shows nothing about the logs of its block. */
export function hasNoInformation(logsBloom: string): boolean {
  return NO_INFORMATION.test(logsBloom);
}

/** The bloom filter of the logs of a block (Yellow Paper, 4.3.1), computed from them. */
export class LogBloom {
  private readonly filter = Buffer.alloc(BLOOM_BYTES);

  /** Adds an address or a topic. */
  add({ byte0, mask0, byte1, mask1, byte2, mask2 }: Word): void {
    const { filter } = this;
    filter[byte0] = (filter[byte0] ?? 0) | mask0;
    filter[byte1] = (filter[byte1] ?? 0) | mask1;
    filter[byte2] = (filter[byte2] ?? 0) | mask2;
  }

  /** @param logsBloom of the header, hex. */
  compare(logsBloom: string): BloomDifference {
    const bloom = Buffer.from(logsBloom.slice(2), 'hex');
    // A filter of another length has no bits that a log could set.
    if (bloom.length !== BLOOM_BYTES) return { isShort: true, isForeign: true };
    if (bloom.equals(this.filter)) return { isShort: false, isForeign: false };
    return {
      isShort: bloom.some((byte, index) => (byte & ~(this.filter[index] ?? 0)) !== 0),
      isForeign: this.filter.some((byte, index) => (byte & ~(bloom[index] ?? 0)) !== 0),
    };
  }
}
