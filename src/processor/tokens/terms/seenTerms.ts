import type { SaidChange } from '../../../chain/contract/terms.js';
import { QuietCalls } from './quietCalls.js';

/** Blocks at whose end a contract said its terms, ascending; never empty. */
export class SeenTerms {
  private seen: readonly SaidChange[];
  readonly quietCalls = new QuietCalls();

  /** @param first as the books have it: nobody asked the contract now */
  constructor(private readonly first: SaidChange) {
    this.seen = [first];
  }

  get newest(): SaidChange {
    return this.at(Number.POSITIVE_INFINITY);
  }

  /** The newest up to a block; the oldest that is kept if there is none. */
  at(block: number): SaidChange {
    const [oldest] = this.seen;
    const found = this.seen.findLast((candidate) => candidate.block <= block) ?? oldest;
    if (found === undefined) throw new RangeError('no terms were ever seen');
    return found;
  }

  /** Whether the contract was asked in this run. */
  wasAsked(said: SaidChange): boolean {
    return said !== this.first;
  }

  /** A later block than any before. */
  add(said: SaidChange): void {
    this.seen = [...this.seen, said];
  }

  /** Forgets all but the newest: everything up to it is booked. */
  settle(): void {
    this.seen = [this.newest];
  }
}
