import { afterAbort, untilAborted } from '../../untilAborted.js';
import type { AttemptOptions } from './attemptOptions.js';
import { BatchRun } from './batchRun.js';
import type { OpenConnections } from './connections.js';
import { openKeepers } from './keepers.js';
import { LockWatch } from './lockWatch.js';
import { openNodeClients } from './nodeClients.js';
import { askStart, prepareRun } from './prepareRun.js';
import type { RunDatabase } from './runDatabase.js';

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
  // Nodes answer while the database is connected to.
  const start = askStart(clients.node, options.chain);
  try {
    const connections = await connectUntil(signal, options.database, options.chain.id);
    const { url } = connections;
    const stopWaiting = afterAbort(
      options.signal,
      FINISH_WITHIN_MS,
      () => void connections.close(),
    );
    const { writer, reader } = connections;
    const locks = new LockWatch({ url, clients: [writer, reader], onWarning: options.onWarning });
    const keepers = openKeepers(options, url);
    let isWell = false;
    try {
      const run = { options: { ...options, signal }, url, connections, clients, keepers, start };
      const prepared = await prepareRun(run);
      if (prepared !== null) await new BatchRun(run, prepared).untilOver();
      isWell = !options.signal.aborted;
    } finally {
      stopWaiting();
      over.abort();
      await locks.stop();
      await keepers.close();
      await (isWell ? options.database.takeBack(connections) : connections.close());
    }
  } finally {
    over.abort();
    await clients.close();
  }
}

/** Connects, unless the run is asked to end meanwhile. */
async function connectUntil(
  signal: AbortSignal,
  database: RunDatabase,
  chainId: number,
): Promise<OpenConnections> {
  const connecting = database.connect(chainId);
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
