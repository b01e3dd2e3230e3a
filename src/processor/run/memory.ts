import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Resident memory above which garbage is collected at once. */
let residentBytesAtMost = 355 * 2 ** 20;

let collect: (() => void) | null = null;

/** Changes the bound, for a process that does more than index. */
export function setResidentBytesAtMost(bytes: number): void {
  residentBytesAtMost = bytes;
}

/** How much of that other threads have: a collection of garbage in this one does not reach it. */
let threadBytes = 0;

/** Collects garbage so much earlier. */
export function leaveToThreads(bytes: number): void {
  threadBytes = bytes;
}

/**
 * Collects garbage if the process has grown large. A dense backfill makes hundreds of
 * megabytes of it in seconds, and the engine would rather grow than collect; asked for
 * between two writes, a collection costs some 50 ms.
 */
export function boundMemory(): void {
  if (process.memoryUsage.rss() < residentBytesAtMost - threadBytes) return;
  if (collect === null) {
    // The flag makes the collector reachable in contexts that are made from now on.
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
