import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import type { ArchiveFront } from './archiveFront.js';
import type { Command, ContenderName } from './contenders.js';
import { cpuSecondsOf } from './processUsage.js';
import type { ProcessUsage } from './usageProbe.js';

/** What one run of a contender took. */
export interface RunResult extends ProcessUsage {
  readonly contender: ContenderName;
  /** From the start of its process to the end. */
  readonly wallSeconds: number;
  /** From its first request for logs to the end. */
  readonly ingestSeconds: number;
  readonly postgresCpuSeconds: number;
  readonly nodeCpuSeconds: number;
}

/** The servers that all contenders share. */
export interface Servers {
  readonly front: ArchiveFront;
  readonly postgresPid: number;
  readonly nodePid: number;
}

/** A contender ended with an error. */
class ContenderError extends Error {
  readonly code = 'BENCH_CONTENDER_FAILED';

  constructor(contender: ContenderName, exitCode: number | null, output: string) {
    super(`${contender} ended with exit code ${exitCode}:\n${output}`);
    this.name = 'ContenderError';
  }
}

const PROBE = join(PROJECT_ROOT, 'dist', 'bench', 'ingest', 'usageProbe.js');
const KEPT_OUTPUT = 4_000;

/** Runs a contender to its end. @throws ContenderError */
export async function run(
  contender: ContenderName,
  command: Command,
  servers: Servers,
  folder: string,
  nodeFlags: readonly string[] = [],
): Promise<RunResult> {
  const usageFile = join(folder, 'usage.json');
  const { front } = servers;
  front.firstLogsRequestAt = null;
  const postgresBefore = cpuSecondsOf(servers.postgresPid);
  const nodeBefore = cpuSecondsOf(servers.nodePid);
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...nodeFlags, '--import', PROBE, ...command.args], {
    cwd: command.cwd,
    env: { ...process.env, ...command.env, BENCH_USAGE_FILE: usageFile },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = lastOutput(child);
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  const endedAt = performance.now();
  if (exitCode !== 0) throw new ContenderError(contender, exitCode, output());
  return {
    contender,
    wallSeconds: (endedAt - startedAt) / 1000,
    ingestSeconds: (endedAt - (front.firstLogsRequestAt ?? startedAt)) / 1000,
    postgresCpuSeconds: cpuSecondsOf(servers.postgresPid) - postgresBefore,
    nodeCpuSeconds: cpuSecondsOf(servers.nodePid) - nodeBefore,
    ...(JSON.parse(await readFile(usageFile, 'utf8')) as ProcessUsage),
  };
}

function lastOutput(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
    });
  }
  return () => output;
}
