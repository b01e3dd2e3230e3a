import { setTimeout as delay } from 'node:timers/promises';
import { isPassingDatabaseFault, namedFault } from '../../store/database/databaseFault.js';
import { DeepReorgError, isChainTrouble } from '../reorgs/chainTrouble.js';

/** Attempts in a row that may end without a commit: a quarter of an hour at least. */
const ATTEMPTS_AT_MOST = 100;
/** The same before anything was ever indexed: then the config is as likely to be wrong. */
const FIRST_ATTEMPTS_AT_MOST = 3;
const FIRST_PAUSE_MS = 250;
/** What passes is over soon after it has passed. */
const LONGEST_PAUSE_MS = 10_000;

/** Codes that speak of the config rather than of a bad moment, until something is indexed. */
const CONFIG_CODES = new Set([
  'RPC_UNREACHABLE',
  'RPC_NO_TRACES',
  'RPC_METHOD_MISSING',
  'RPC_KEY_REFUSED',
  'RPC_KEY_EXHAUSTED',
  'RPC_PLAN_EXCLUDES',
  'CHAIN_ID_MISMATCH',
]);

/** What somebody else has to mend while we wait. */
const WAITED_FOR = new Set(['RPC_UNREACHABLE', 'RPC_KEY_REFUSED', 'RPC_KEY_EXHAUSTED']);

/** What the attempts have achieved together. */
export interface RunTotals {
  /** Operations booked. */
  operations: number;
  commits: number;
  /** Blocks that concern a contract, of those read. */
  hits: number;
  /** Blocks up to here are read one by one: those that were found had something left out. */
  readEachTo: number;
  /** The database had blocks of the chain before: the config has worked once. */
  isProven: boolean;
}

export interface SuperviseOptions {
  readonly signal: AbortSignal;
  readonly totals: Readonly<RunTotals>;
  readonly onWarning: (line: string) => void;
}

/**
 * Repeats a run that fails because of the chain, its nodes or the database, with growing pauses,
 * from the last commit. It waits without limit for a node or a database that does not answer. Other
 * failures end it at once.
 *
 * @returns what the last attempt returned; `undefined` if it was aborted while it failed
 * @throws the failure of the last attempt
 */
export async function superviseRuns<T>(
  attempt: () => Promise<T>,
  { signal, totals, onWarning }: SuperviseOptions,
): Promise<T | undefined> {
  let failures = 0;
  let commitsBefore = 0;
  for (;;) {
    try {
      return await attempt();
    } catch (caught) {
      const error = namedFault(caught);
      if (signal.aborted && (isAbort(error) || isPassing(error))) return undefined;
      if (!isRecoverable(error, totals)) throw error;
      failures = totals.commits > commitsBefore ? 1 : failures + 1;
      commitsBefore = totals.commits;
      if (failures >= limitOf(error, totals)) throw error;
      const pause = pauseAfter(error, failures);
      onWarning(`${error.message}; indexing continues from the last commit in ${pause / 1000} s`);
      // Asked to end, the next attempt does so at once.
      await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** In milliseconds. */
function pauseAfter(error: Error, failures: number): number {
  if (error instanceof DeepReorgError) return 0;
  return Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
}

function isRecoverable(error: unknown, { commits, isProven }: RunTotals): error is Error {
  if (error instanceof DeepReorgError) return true;
  if (isPassingDatabaseFault(error)) return true;
  if (!isChainTrouble(error)) return false;
  const code = codeOf(error);
  if (code === 'CHAIN_ID_MISMATCH') return commits > 0;
  return commits > 0 || isProven || !CONFIG_CODES.has(code);
}

function limitOf(error: Error, { commits, isProven }: RunTotals): number {
  // Balances that differ do not come from the config, whatever was indexed before.
  const isNodeAtFault = codeOf(error) === 'RPC_BALANCES_DIFFER';
  if (commits === 0 && !isProven && !isNodeAtFault) return FIRST_ATTEMPTS_AT_MOST;
  const isWaitedFor = WAITED_FOR.has(codeOf(error)) || isPassingDatabaseFault(error);
  return isWaitedFor ? Number.POSITIVE_INFINITY : ATTEMPTS_AT_MOST;
}

function isPassing(error: unknown): boolean {
  return isChainTrouble(error) || isPassingDatabaseFault(error);
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
