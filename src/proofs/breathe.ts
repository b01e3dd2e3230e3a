import { setImmediate } from 'node:timers/promises';

const SLICE_MS = 10;

/** Lets long work in the main thread give way: await it now and then. */
export class Breather {
  private since = performance.now();

  /** Gives way to everything that waits, if the work went on for long enough. */
  async breathe(): Promise<void> {
    if (performance.now() - this.since < SLICE_MS) return;
    await setImmediate();
    this.since = performance.now();
  }
}
