import type { RowBuffer } from '../../../store/write/rows/rowBuffer.js';
import { type TokenBlock, tokenRows } from '../../../store/write/rows/tokenRows.js';

/** Counts the accounts with a balance above 0. */
export class HolderCounter {
  private holders: number;

  /** @param written the count of the newest row; 0 if there is none */
  constructor(private written: number) {
    this.holders = written;
  }

  /** The balance of an account changed. */
  note(before: bigint, after: bigint): void {
    if (before === 0n && after > 0n) this.holders++;
    if (before > 0n && after === 0n) this.holders--;
  }

  /** Ends a block: writes a row if the count is another one. */
  write(rows: RowBuffer, place: TokenBlock): void {
    if (this.holders === this.written) return;
    this.written = this.holders;
    tokenRows.holderCount(rows, place, { holders: this.holders });
  }
}
