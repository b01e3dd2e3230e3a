import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import type { ProcessUsage } from '../ingest/usageProbe.js';

const PROBE = join(PROJECT_ROOT, 'dist', 'bench', 'ingest', 'usageProbe.js');

export interface Program {
  /** Arguments of `node`. */
  readonly args: readonly string[];
  /** Another Node.js than ours. */
  readonly node?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Resolves when a program that does not end by itself is ready; then it is ended. */
  readonly until?: (signal: AbortSignal) => Promise<void>;
  /** Folder for its CPU profile. */
  readonly profileFolder?: string | null;
  /** Its messages are shown only if it fails. */
  readonly isSilent?: boolean;
}

export interface Measured extends ProcessUsage {
  /** From the start of the process to its end, or until it was ready. */
  readonly seconds: number;
}

const KEPT_OUTPUT = 4_000;

/** Runs a program in a process of its own. @throws Error if it fails */
export async function measure(name: string, program: Program): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-usage-'));
  const usageFile = join(folder, 'usage.json');
  const { args, node = process.execPath, cwd, env = {}, until, profileFolder = null } = program;
  const isShown = until === undefined && program.isSilent !== true;
  const flags =
    profileFolder === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profileFolder)}`];
  const startedAt = performance.now();
  const child = spawn(node, [...flags, '--import', PROBE, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env, BENCH_USAGE_FILE: usageFile },
    stdio: ['ignore', isShown ? 'ignore' : 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      if (isShown) process.stderr.write(chunk);
      output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
    });
  }
  const over = new AbortController();
  const ended = once(child, 'exit') as Promise<[number | null]>;
  if (until !== undefined) {
    const failed = ended.then(() => {
      over.abort();
      throw new Error(`${name} ended early:\n${output}`);
    });
    await Promise.race([until(over.signal), failed]);
  }
  const readyAt = performance.now();
  if (until !== undefined) child.kill('SIGTERM');
  const [exitCode] = await ended;
  const endedAt = until === undefined ? performance.now() : readyAt;
  if (until === undefined && exitCode !== 0) {
    throw new Error(`${name} ended with exit code ${exitCode}:\n${output}`);
  }
  const usage = JSON.parse(await readFile(usageFile, 'utf8')) as ProcessUsage;
  await rm(folder, { recursive: true, force: true });
  return { ...usage, seconds: (endedAt - startedAt) / 1000 };
}
