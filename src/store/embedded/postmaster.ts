import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isProcessAlive } from './lock.js';

/** What a running server writes about itself. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
}

/**
 * Reads postmaster.pid, which the server writes into its data folder at each start and removes at a
 * clean stop. `null` if the file does not exist. It may be stale: see `isServing`.
 */
export async function readPostmaster(dataFolder: string): Promise<Postmaster | null> {
  const contents = await readFile(postmasterFile(dataFolder), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    },
  );
  const lines = contents.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port: Number(lines[3]), isReady: lines[7]?.trim() === 'ready' };
}

export function postmasterFile(dataFolder: string): string {
  return join(dataFolder, 'postmaster.pid');
}

/**
 * Whether the process named in postmaster.pid is a server of that folder. It is another program if
 * the server was killed and its id was given out again, as after a container restart.
 */
export async function isServing(pid: number, dataFolder: string): Promise<boolean> {
  if (!isProcessAlive(pid)) return false;
  if (process.platform === 'linux') {
    return (await readlink(`/proc/${pid}/cwd`).catch(() => null)) === dataFolder;
  }
  const listing = promisify(execFile)('ps', ['-p', String(pid), '-o', 'comm=']);
  return (await listing.then(({ stdout }) => stdout).catch(() => '')).includes('postgres');
}
