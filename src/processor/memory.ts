import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Resident memory above which garbage is collected at once. */
const RESIDENT_BYTES_AT_MOST = 355 * 2 ** 20;

let collect: (() => void) | null = null;

/**
 * Collects garbage if the process has grown large. A dense backfill makes hundreds of
 * megabytes of it in seconds, and the engine would rather grow than collect; asked for
 * between two writes, a collection costs some 50 ms.
 */
export function boundMemory(): void {
  if (process.memoryUsage.rss() < RESIDENT_BYTES_AT_MOST) return;
  if (collect === null) {
    // The flag makes the collector reachable in contexts that are made from now on.
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
