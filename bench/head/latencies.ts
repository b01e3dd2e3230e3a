/** How long after each block of a node it was seen elsewhere. */
export class Latencies {
  private readonly minedAt = new Map<number, number>();
  private readonly took: number[] = [];
  private height = -1;
  private awaited: { readonly height: number; readonly resolve: () => void } | null = null;

  /** @param at milliseconds of the same clock as in `saw` */
  mined(height: number, at: number): void {
    // It may have been seen before the node has said that it is there.
    if (height <= this.height) this.took.push(0);
    else this.minedAt.set(height, at);
  }

  /** This block is seen, and so are all below it. */
  saw(height: number, at: number): void {
    if (height <= this.height) return;
    this.height = height;
    for (const [mined, minedAt] of this.minedAt) {
      if (mined > height) continue;
      this.took.push(at - minedAt);
      this.minedAt.delete(mined);
    }
    if (this.awaited !== null && height >= this.awaited.height) this.awaited.resolve();
  }

  /** Waits until this block is seen. */
  reached(height: number): Promise<void> {
    if (height <= this.height) return Promise.resolve();
    return new Promise((resolve) => {
      this.awaited = { height, resolve };
    });
  }

  /** Milliseconds for each block, in ascending order. */
  sorted(): number[] {
    return this.took.toSorted((a, b) => a - b);
  }
}
