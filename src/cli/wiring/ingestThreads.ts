import { availableParallelism } from 'node:os';
import type { ThreadSettings } from '../../chain/source/threads/readingThreads.js';
import { ImoError } from '../../errors.js';

/** With fewer cores, threads take from PostgreSQL and the node what they give to the indexer. */
const CORES_AT_LEAST = 4;
/** From so many cores on, reading is faster than booking with one thread more. */
const MANY_CORES = 8;
const THREADS_AT_MOST = 16;
/** A thread takes half a second to start: to read so much takes about as long. */
const ITEMS_BEFORE = 20_000;

/**
 * How many threads read blocks: `INGEST_WORKERS`, else none on a machine with fewer than 4 cores, one with fewer than 8,
 * and two. Those that were asked for start with the first block.
 *
 * @throws ImoError `INGEST_WORKERS_INVALID`
 */
export function ingestThreads(
  env: NodeJS.ProcessEnv,
  cores: number = availableParallelism(),
): ThreadSettings {
  const { INGEST_WORKERS: wanted } = env;
  if (!wanted) {
    const count = cores < CORES_AT_LEAST ? 0 : cores < MANY_CORES ? 1 : 2;
    return { count, itemsBefore: ITEMS_BEFORE };
  }
  const count = Number(wanted);
  if (/^\d+$/.test(wanted) && count <= THREADS_AT_MOST) return { count, itemsBefore: 0 };
  throw new ImoError(
    'INGEST_WORKERS_INVALID',
    `the environment variable INGEST_WORKERS is "${wanted}"`,
    `Set it to a number of threads from 0 to ${THREADS_AT_MOST}, or unset it.`,
  );
}
