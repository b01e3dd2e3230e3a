import type { Address } from '../../address.js';

/** Depositors of a pool whose shares are compared with the contract before a commit. */
const COMPARED_AT_MOST = 20;

interface Change {
  readonly block: number;
  readonly shares: bigint;
}

/** What changed in the books of a pool since they were compared with the contract. */
export class UncheckedShares {
  private total: Change[] = [];
  private readonly ofDepositor = new Map<Address, { before: bigint; changes: Change[] }>();

  /** Depositors to compare: all that changed, or some of many. */
  get depositors(): readonly Address[] {
    return [...this.ofDepositor.keys()];
  }

  get isEmpty(): boolean {
    return this.total.length === 0;
  }

  /** @param before what the depositor had before the change */
  changed(depositor: Address, block: number, before: bigint, shares: bigint): void {
    let known = this.ofDepositor.get(depositor);
    if (known === undefined) {
      if (this.ofDepositor.size >= COMPARED_AT_MOST) return;
      known = { before, changes: [] };
      this.ofDepositor.set(depositor, known);
    }
    known.changes.push({ block, shares });
  }

  /** The shares of all at the end of a block with an event. */
  ended(block: number, totalShares: bigint): void {
    this.total.push({ block, shares: totalShares });
  }

  /** What the books said at the end of a block, of a depositor or (`null`) of all. */
  at(depositor: Address | null, block: number): bigint {
    const of = depositor === null ? undefined : this.ofDepositor.get(depositor);
    const changes = depositor === null ? this.total : (of?.changes ?? []);
    const last = changes.findLast((change) => change.block <= block);
    return last?.shares ?? of?.before ?? 0n;
  }

  clear(): void {
    this.total = [];
    this.ofDepositor.clear();
  }
}
