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

export interface IndexChildOptions {
  readonly config: string;
  readonly chain: { readonly id: number; readonly name: string };
  /** Default: the database that the environment names, as here. */
  readonly databaseUrl?: string;
  /** `false`: as with `--no-cache`. */
  readonly cache?: boolean;
  /** It books the past of joining contracts, and nothing else: `joiningText`. */
  readonly joining?: string;
  readonly signal: AbortSignal;
  /** @param name of what progresses */
  onProgress(progress: IndexProgress, name: string): void;
  /** A line that the child wrote, redacted. */
  onLine(line: string): void;
}

/**
 * Runs `imo-ledger index --chain …` in a process of its own until it ends or `signal` aborts.
 * @throws ImoError `INDEXER_ENDED` when it ended without being asked to.
 */
export async function runIndexChild(options: IndexChildOptions): Promise<void> {
  const { config, chain, databaseUrl, cache = true, joining, signal } = options;
  const child = spawn(
    process.execPath,
    [
      join(PROJECT_ROOT, 'bin', 'imo-ledger.js'),
      ...['index', '--config', config, '--chain', String(chain.id)],
      ...(cache ? [] : ['--no-cache']),
    ],
    {
      env: {
        ...process.env,
        ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
        [PROGRESS_VARIABLE]: 'ipc',
        ...(joining === undefined ? {} : { [JOINING_VARIABLE]: joining }),
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Its own process group: a Ctrl-C at the terminal reaches us, and we end the child.
      detached: true,
    },
  );
  child.on('message', (message) => {
    const { name, progress } = message as ProgressMessage;
    options.onProgress(progress, name);
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => options.onLine(redactText(line)));
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
      `the indexer of ${chain.name} ended with ${exitSignal ?? `code ${exitCode}`}`,
      'See its output above. A restart continues from the last commit.',
    );
  } finally {
    ended.abort();
    signal.removeEventListener('abort', onAbort);
  }
}
