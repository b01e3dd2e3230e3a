import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';
import { atEndOfFile } from '../endOfFile.js';
import { expectLinkedIn } from '../errorLinks.js';

export { writeConfig } from './writeConfig.js';

export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly pid: number;
  /** Both streams, as far as they came. */
  output(): string;
  /** Resolves with the first match in the output; rejects when the process ends before. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends the signal, SIGTERM by default, and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<CliResult>;
}

/** Nothing of the environment of the test run reaches the command but what is listed here. */
const { PATH, HOME, TMPDIR } = process.env;
const ENVIRONMENT = { PATH, HOME, TMPDIR };

/** Less than a test may take (`testTimeout`), so that the failure shows the output. */
const WAIT_AT_MOST_MS = 170_000;

/** Runs `imo-ledger` to its end. */
export async function runCli(
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<CliResult> {
  return startCli(args, options).ended;
}

/** Starts `imo-ledger` and leaves it running. It is killed at the end of the test file. */
export function startCli(
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): RunningCli & { ended: Promise<CliResult> } {
  const child = spawn(process.execPath, [join(PROJECT_ROOT, 'bin', 'imo-ledger.js'), ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...ENVIRONMENT, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  atEndOfFile(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    written.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    written.stderr += chunk;
  });
  const ended = once(child, 'close').then(([exitCode]): CliResult => {
    expectLinkedIn(written.stderr);
    return { exitCode, ...written };
  });
  const output = () => written.stdout + written.stderr;
  return {
    pid: child.pid ?? 0,
    ended,
    output,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output());
          if (match !== null) resolve(match);
        };
        child.stdout.on('data', look);
        child.stderr.on('data', look);
        const giveUp = () => reject(new Error(`no ${pattern} in:\n${output()}`));
        ended.then(giveUp);
        setTimeout(giveUp, WAIT_AT_MOST_MS).unref();
        look();
      }),
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}
