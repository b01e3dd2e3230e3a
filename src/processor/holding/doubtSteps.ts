/** Readings of all blocks since the last commit, after which the doubtful block is read alone. */
const WHOLE_READINGS = 2;

/**
 * How far the next attempts go while a block is in doubt. It is read many times: once what comes before it is
 * committed, each reading costs one block, however long ago the last commit was.
 */
export class DoubtSteps {
  /** Blocks to commit, one attempt each; empty: as far as was asked for. */
  private steps: readonly number[] = [];

  /** The block up to which the next attempt goes; `null`: as far as was asked for. */
  get next(): number | null {
    return this.steps[0] ?? null;
  }

  /** An attempt has come to its end. */
  done(): void {
    this.steps = this.steps.slice(1);
  }

  /** A block does not add up, so often in a row by now. */
  doubt(block: number, sightings: number): void {
    const isAlone = this.next !== null && block <= this.next;
    if (sightings < WHOLE_READINGS) {
      // Seen only because the attempt ended here: without an end, the next one would not see it.
      this.steps = isAlone ? [block] : [];
    } else {
      this.steps = [block - 1, block];
    }
  }

  /** The block is committed, or its contract is held. */
  settle(): void {
    this.steps = [];
  }
}
