import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PROJECT_ROOT } from '../../../projectRoot.js';

/** A thread begins with a compiled file, whatever runs here. */
const WORKER = join(PROJECT_ROOT, 'dist/program/statementWorker.js');
/** A PDF of 10,000 lines takes 500 MB. */
const MEGABYTES_AT_MOST = 1_024;
/** Holders who read a statement often ask for its other formats. */
const KEPT_FOR_MS = 10_000;

/** The thread that waits for the next statement, and what ends its wait. */
let kept: { readonly thread: Worker; readonly timer: NodeJS.Timeout } | null = null;

/** A thread that makes nothing: the kept one, or a new one. Loading its modules takes longer than most statements. */
export function takeThread(): Worker {
  if (kept === null) return newThread();
  const { thread, timer } = kept;
  kept = null;
  clearTimeout(timer);
  thread.ref();
  return thread;
}

/** Keeps a thread that has answered. One is enough; a kept one does not keep the process alive. */
export function keepThread(thread: Worker): void {
  if (kept !== null) {
    void thread.terminate();
    return;
  }
  thread.unref();
  const timer = setTimeout(() => {
    kept = null;
    void thread.terminate();
  }, KEPT_FOR_MS).unref();
  kept = { thread, timer };
}

function newThread(): Worker {
  const thread = new Worker(WORKER, {
    resourceLimits: { maxOldGenerationSizeMb: MEGABYTES_AT_MOST },
  });
  // An error ends the wait for an answer too; where nobody waits, it must not end the process.
  thread.on('error', () => undefined);
  thread.once('exit', () => {
    if (kept?.thread !== thread) return;
    clearTimeout(kept.timer);
    kept = null;
  });
  return thread;
}
