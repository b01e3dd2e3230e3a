import { HeardAnswers } from '../chain/heardAnswers.js';
import { PoolConnection } from '../chain/rpc/connection/poolConnection.js';
import { type ChainCache, openCache } from '../chain/source/cache/openCache.js';
import type { ChainConfig } from '../config/types.js';
import { chainIdOf, isJoining } from '../store/booksKey.js';
import { afterAbort, untilAborted } from '../untilAborted.js';
import { FrameWays } from './holding/frameWays.js';
import { HoldRetries } from './holding/retries.js';
import type { BooksOptions } from './indexerOptions.js';
import { attemptRun, FINISH_WITHIN_MS } from './run/attempt.js';
import { assertNoneHeld, Holding } from './run/holding.js';
import { SaidPlan } from './run/planRun.js';
import { RunDatabase } from './run/runDatabase.js';
import { redirectSquidLog } from './run/squid/squidLog.js';
import { superviseRuns } from './run/supervise.js';
import { LearnedChanges } from './tokens/terms/termsChanged.js';

/** How long after a signal a run is given up that still waits for something. */
const ABANDON_AFTER_MS = 5_000;

/**
 * Indexes the books of one key until `toBlock` is committed or the signal aborts. What a node answers
 * wrongly or not at all, forks of any depth, and faults of the database only cost time: the run
 * starts again from the last commit. A contract whose books cannot continue is held, and the
 * others continue; at the end of a run to a block, the first hold is thrown.
 *
 * @throws ImoError with the codes of `checkSource`, `detectToken`, `openTokens`,
 *   `frameOperations`, `findUntraced`, `recoverDeepReorg`, `openConnections`,
 *   `databaseFault` and the ledger.
 */
export async function runBooks(options: BooksOptions): Promise<void> {
  const { chain, onWarning = () => undefined } = options;
  redirectSquidLog(onWarning);
  const pool = new PoolConnection({
    urls: [chain.rpcUrl, ...chain.fallbackRpcUrls],
    chainId: chainIdOf(chain.id),
    onWarning,
  });
  const cache = cacheOf(chain, pool, onWarning);
  // The config of joining books worked for the live ones.
  const isProven = isJoining(chain.id);
  const totals = { operations: 0, commits: 0, hits: 0, readEachTo: -1, isProven };
  const ways = new FrameWays(pool.endpoints.length);
  const learned = new LearnedChanges();
  const retries = new HoldRetries(options.now);
  const heard = new HeardAnswers();
  const saidPlan = new SaidPlan();
  const tools = { learned, ways, retries, heard, saidPlan };
  const database = new RunDatabase(options.databaseUrl);
  const attempt = { ...options, onWarning, pool, cache, database, totals, ...tools };
  const holding = new Holding(attempt);
  // A signal ends every wait: first running work may finish, then nothing waits for nodes, then
  // nothing is. What is not committed is not in the books.
  const abandoned = new AbortController();
  const stops = [
    afterAbort(options.signal, FINISH_WITHIN_MS, () => pool.close()),
    afterAbort(options.signal, ABANDON_AFTER_MS, () => abandoned.abort()),
  ];
  try {
    const runAndReadHolds = async () => {
      await holding.run((to) => attemptRun(to === null ? attempt : { ...attempt, toBlock: to }));
      const isEnd = options.toBlock !== null && !isJoining(chain.id) && !options.signal.aborted;
      return isEnd ? await holding.readHeld() : [];
    };
    const run = superviseRuns(runAndReadHolds, { signal: options.signal, totals, onWarning });
    assertNoneHeld((await untilAborted(abandoned.signal, run).catch(unlessAbandoned)) ?? []);
  } finally {
    for (const forget of stops) forget();
    await database.close();
    await cache?.close();
    pool.close();
  }
}

function unlessAbandoned(error: unknown): undefined {
  if (error instanceof Error && error.name === 'AbortError') return undefined;
  throw error;
}

function cacheOf(
  { id, cache: config = null, finalityConfirmation: finality }: ChainConfig,
  pool: PoolConnection,
  onWarning: (line: string) => void,
): ChainCache | null {
  return config === null
    ? null
    : openCache({ config, pool, chainId: chainIdOf(id), finality, onWarning });
}
