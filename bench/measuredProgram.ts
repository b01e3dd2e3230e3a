import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../src/projectRoot.js';
import type { ProcessUsage } from './ingest/usageProbe.js';

const PROBE = join(PROJECT_ROOT, 'dist', 'bench', 'ingest', 'usageProbe.js');

/** What a program took, its start included. */
export interface MeasuredProgram extends ProcessUsage {
  readonly seconds: number;
  readonly stdout: string;
}

/** Runs a program of Node in a process of its own. @throws Error if it fails, with what it printed */
export async function measureProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<MeasuredProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-usage-'));
  const usageFile = join(folder, 'usage.json');
  try {
    const startedAt = performance.now();
    const child = spawn(process.execPath, ['--import', PROBE, ...args], {
      env: { ...process.env, ...env, BENCH_USAGE_FILE: usageFile },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const printed = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk: Buffer) => {
        printed[name] += chunk.toString();
      });
    }
    const [exitCode] = (await once(child, 'close')) as [number | null];
    const seconds = (performance.now() - startedAt) / 1000;
    const { stdout, stderr } = printed;
    if (exitCode !== 0) {
      throw new Error(`${args.slice(0, 3).join(' ')} ended with ${exitCode}:\n${stdout}${stderr}`);
    }
    const usage = JSON.parse(await readFile(usageFile, 'utf8')) as ProcessUsage;
    return { ...usage, seconds, stdout };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
