import { NODE_BYTES } from './leaf.js';

/** Leaves that come one by one. */
export class LeafList {
  private bytes = Buffer.alloc(1024 * NODE_BYTES);
  private count = 0;

  add(leaf: Uint8Array): void {
    const at = this.count * NODE_BYTES;
    if (at === this.bytes.length) this.bytes = Buffer.concat([this.bytes, Buffer.alloc(at)]);
    this.bytes.set(leaf, at);
    this.count++;
  }

  /** All of them, one after the other. */
  toBytes(): Buffer {
    return this.bytes.subarray(0, this.count * NODE_BYTES);
  }
}

export interface SnapshotShare {
  /** 20 bytes. */
  readonly account: Buffer;
  /** `balanceAt * CA[id] // supplyAt` (ERC-7641 `claimableRevenue`), claimed or not. */
  readonly shareWei: bigint;
}
