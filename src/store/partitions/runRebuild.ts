import { copyToStaging } from './copyToStaging.js';
import type { Rebuild, RebuildSessions } from './rebuild.js';
import { stagingOf } from './rebuild.js';
import { openStaging } from './staging.js';
import { makeStagingIndexes } from './stagingIndexes.js';
import { swapPartition, swapTable, waitForOldSnapshots } from './swap.js';
import { beginWithoutWriters } from './writersAway.js';

/** What a rebuild reports, and what stops it. */
export interface RebuildOptions {
  readonly signal: AbortSignal;
  /** Which share of the work is done, from 0 to 1. */
  readonly onShare: (share: number) => void;
  /** All is copied; readers that began earlier have to end. */
  readonly onWaiting: (table: string) => void;
}

/** Making indexes takes about as long as copying the rows. */
const SHARE_OF_ROWS = 0.5;

/**
 * Copies the rows of a table or partition into new partitions and puts these in its place. Readers read
 * the source until then, and wait at most a fraction of a second. Whatever fails or ends it before,
 * the source is as it was, and the next run continues.
 */
export async function runRebuild(
  { worker, guard }: RebuildSessions,
  job: Rebuild,
  { signal, onShare, onWaiting }: RebuildOptions,
): Promise<void> {
  await beginWithoutWriters(guard, job.source);
  try {
    const state = await openStaging(worker, job);
    await copyToStaging(worker, job, state, {
      signal,
      onPages: (done, of) => onShare((SHARE_OF_ROWS * done) / of),
    });
    const indexes = await makeStagingIndexes(worker, job, {
      signal,
      onIndexes: (done, of) => onShare(SHARE_OF_ROWS + ((1 - SHARE_OF_ROWS) * done) / of),
    });
    await worker.query(`ANALYZE ${stagingOf(job.table)}`);
    onWaiting(job.table);
    await waitForOldSnapshots(worker);
    if (job.source === job.table) await swapTable(guard, job, indexes, signal);
    else await swapPartition(guard, job, signal);
  } catch (error) {
    // What the worker was doing is rolled back with its session.
    await guard.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
