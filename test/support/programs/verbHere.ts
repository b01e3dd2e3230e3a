import type { EventEmitter } from 'node:events';
import { vi } from 'vitest';
import { createProgram, exitCodeOf } from '../../../src/cli/program.js';
import { expectLinkedIn } from '../errorLinks.js';
import type { CliResult } from './cli.js';

/** What the program reads of the environment: nothing of the test run reaches it. */
const VARIABLES = [
  'DATABASE_URL',
  'DB_URL',
  'DB_HOST',
  'IMO_LEDGER_DATA',
  'IMO_LEDGER_DEBUG',
  'PORT',
] as const;
/** That a verb adds for the process it expects to have for itself. */
const EVENTS = ['SIGINT', 'SIGTERM', 'disconnect'] as const;

let isRunning = false;

/**
 * Runs a verb of `imo-ledger` in this process: as the program does, without the second that it
 * takes to start one. Its streams are those of the process, so only one verb may run at a time.
 */
export async function runVerbHere(
  args: readonly string[],
  env: Readonly<NodeJS.ProcessEnv> = {},
): Promise<CliResult> {
  if (isRunning) throw new Error('two verbs at once would write into the same streams');
  isRunning = true;
  // A verb that found something wrong sets it, and would end the test run with it.
  const { exitCode } = process;
  process.exitCode = undefined;
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((chunk, ...rest) => {
      written[name] += chunk;
      for (const done of rest) if (typeof done === 'function') done();
      return true;
    });
  }
  for (const name of VARIABLES) vi.stubEnv(name, env[name]);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const removeAdded = notingListeners();
  try {
    await (await createProgram(args)).parseAsync(args, { from: 'user' });
    return { exitCode: Number(process.exitCode ?? 0), ...written };
  } catch (error) {
    const exitCode = exitCodeOf(error);
    expectLinkedIn(written.stderr);
    return { exitCode, ...written };
  } finally {
    removeAdded();
    process.exitCode = exitCode;
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    isRunning = false;
  }
}

/** @returns removes all listeners of the process that were added since */
function notingListeners(): () => void {
  const emitter: EventEmitter = process;
  const before = EVENTS.map((event) => ({
    event,
    listeners: emitter.listeners(event) as (() => void)[],
  }));
  return () => {
    for (const { event, listeners } of before) {
      for (const listener of emitter.listeners(event) as (() => void)[]) {
        if (!listeners.includes(listener)) emitter.off(event, listener);
      }
    }
  };
}
