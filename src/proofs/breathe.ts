import { setImmediate } from 'node:timers/promises';

const SLICE_MS = 10;

/** Lets long work in the main thread give way: await it now and then. */
export class Breather {
  private since = performance.now();

  /** Yields to waiting work, if this work has run for long enough. */
  async breathe(): Promise<void> {
    if (performance.now() - this.since < SLICE_MS) return;
    await setImmediate();
    this.since = performance.now();
  }
}
