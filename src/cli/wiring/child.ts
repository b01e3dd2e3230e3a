import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { redactText } from '../../config/redact.js';
import { ImoError } from '../../errors.js';
import type { IndexProgress } from '../../processor/indexerOptions.js';
import { PROJECT_ROOT } from '../../projectRoot.js';
import { PROGRESS_VARIABLE, type ProgressMessage } from '../progress/indexProgress.js';
import { JOINING_VARIABLE } from './joining.js';

const KILL_AFTER_MS = 30_000;

/** A process of this program. */
interface ChildOptions {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What it does, for the error. */
  readonly what: string;
  readonly signal: AbortSignal;
  onMessage?(message: unknown): void;
  /** Its standard output has addresses of this program only: they are shown whole. */
  readonly showsAddresses?: boolean;
  /** A line that the child wrote, redacted. */
  onLine(line: string): void;
}

export interface IndexChildOptions extends Pick<ChildOptions, 'signal' | 'onLine'> {
  readonly config: string;
  readonly chain: { readonly id: number; readonly name: string };
  /** Only this group of contracts of the chain. */
  readonly group?: string | null;
  /** `--to-block`; `null` or left out: follow the head. */
  readonly toBlock?: number | null;
  /** Default: the database that the environment names, as here. */
  readonly databaseUrl?: string;
  /** `false`: as with `--no-cache`. */
  readonly cache?: boolean;
  /** It books the past of joining contracts, and nothing else: `joiningText`. */
  readonly joining?: string;
  /** @param name of what progresses */
  onProgress(progress: IndexProgress, name: string): void;
}

/**
 * Runs `imo-ledger index --chain …` in a process of its own until it ends or `signal` aborts.
 * @throws ImoError `INDEXER_ENDED` when it ended without being asked to.
 */
export function runIndexChild(options: IndexChildOptions): Promise<void> {
  const { config, chain, databaseUrl, cache = true, joining, signal, onLine } = options;
  const { group = null, toBlock = null } = options;
  return runChild({
    args: [
      ...['index', '--config', config, '--chain', String(chain.id)],
      ...(cache ? [] : ['--no-cache']),
      ...(group === null ? [] : ['--group', group]),
      ...(toBlock === null ? [] : ['--to-block', String(toBlock)]),
    ],
    env: {
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      [PROGRESS_VARIABLE]: 'ipc',
      ...(joining === undefined ? {} : { [JOINING_VARIABLE]: joining }),
    },
    what: `the indexer of ${chain.name}${group === null ? '' : `/${group}`}`,
    signal,
    onMessage(message) {
      const { name, progress } = message as ProgressMessage;
      options.onProgress(progress, name);
    },
    onLine,
  });
}

/**
 * Runs a verb in a process of its own until it ends or `signal` aborts. The process also ends when this
 * one is gone.
 *
 * @throws ImoError `INDEXER_ENDED` when it ended without being asked to
 */
export async function runChild({
  args,
  env,
  what,
  signal,
  onMessage,
  onLine,
  showsAddresses = false,
}: ChildOptions): Promise<void> {
  const child = spawn(process.execPath, [join(PROJECT_ROOT, 'bin', 'imo-ledger.js'), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Its own process group: a Ctrl-C at the terminal reaches us, and we end the child.
    detached: true,
  });
  child.on('message', (message) => onMessage?.(message));
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    const isShown = showsAddresses && stream === child.stdout;
    createInterface({ input: stream }).on('line', (line) =>
      onLine(isShown ? line : redactText(line)),
    );
  }

  const ended = new AbortController();
  const stop = async () => {
    child.kill('SIGTERM');
    await delay(KILL_AFTER_MS, undefined, { signal: ended.signal });
    child.kill('SIGKILL');
  };
  const onAbort = () => void stop().catch(() => undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    const [exitCode, exitSignal] = await once(child, 'close');
    if (exitCode === 0 || signal.aborted) return;
    throw new ImoError(
      'INDEXER_ENDED',
      `${what} ended with ${exitSignal ?? `code ${exitCode}`}`,
      'See its output above. A restart continues from the last commit.',
    );
  } finally {
    ended.abort();
    signal.removeEventListener('abort', onAbort);
  }
}
