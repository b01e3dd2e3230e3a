import { afterAbort, untilAborted } from '../../untilAborted.js';
import type { AttemptOptions } from './attemptOptions.js';
import { BatchRun } from './batchRun.js';
import { databaseNow, type OpenConnections, openConnections } from './connections.js';
import { openKeepers } from './keepers.js';
import { openNodeClients } from './nodeClients.js';
import { prepareRun } from './prepareRun.js';

/** How long a batch that is being booked or committed may take when the run is asked to end. */
export const FINISH_WITHIN_MS = 3_000;

/**
 * Indexes from the last commit until `toBlock` is committed or the signal aborts, or until
 * something fails.
 *
 * @throws whatever stopped it; see `superviseRuns`
 */
export async function attemptRun(options: AttemptOptions): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const clients = openNodeClients(options);
  try {
    const url = await untilAborted(signal, databaseNow(options.databaseUrl));
    const connections = await connectUntil(signal, url, options.chain.id);
    const stopWaiting = afterAbort(
      options.signal,
      FINISH_WITHIN_MS,
      () => void connections.close(),
    );
    const keepers = openKeepers(options, url);
    try {
      const run = { options: { ...options, signal }, url, connections, clients, keepers };
      const prepared = await prepareRun(run);
      if (prepared !== null) await new BatchRun(run, prepared).untilOver();
    } finally {
      stopWaiting();
      over.abort();
      await keepers.close();
      await connections.close();
    }
  } finally {
    over.abort();
    clients.close();
  }
}

/** Connects, unless the run is asked to end meanwhile. */
async function connectUntil(
  signal: AbortSignal,
  url: string,
  chainId: number,
): Promise<OpenConnections> {
  const connecting = openConnections(url, chainId);
  try {
    return await untilAborted(signal, connecting);
  } catch (error) {
    // Nobody waits for them any more.
    void connecting.then(
      (connections) => connections.close(),
      () => undefined,
    );
    throw error;
  }
}
