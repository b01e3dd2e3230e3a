import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ImoError } from '../../errors.js';

const RETRY_AFTER_MS = 50;
const WAIT_AT_MOST_MS = 90_000;

/** One caller at a time in this process; the file keeps the other processes out. */
const inProcess = new Map<string, Promise<unknown>>();

/**
 * Runs `action` while this process alone holds the lock file. Takes over a file that a killed
 * process left.
 *
 * @throws ImoError `EMBEDDED_POSTGRES_LOCKED` if another process holds it for too long
 */
export async function withLock<T>(path: string, action: () => Promise<T>): Promise<T> {
  const before = inProcess.get(path) ?? Promise.resolve();
  const result = before.then(async () => {
    await acquire(path);
    try {
      return await action();
    } finally {
      await rm(path, { force: true });
    }
  });
  inProcess.set(
    path,
    result.catch(() => undefined),
  );
  return result;
}

async function acquire(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const mine = `${path}.${process.pid}`;
  await writeFile(mine, String(process.pid));
  try {
    const deadline = Date.now() + WAIT_AT_MOST_MS;
    // A link appears with its contents, so nobody ever reads a half-written lock.
    while (!(await linkIfAbsent(mine, path))) {
      const holder = Number(await readFile(path, 'utf8').catch(() => '0'));
      if (holder !== 0 && isStale(holder)) await rm(path, { force: true });
      else if (Date.now() > deadline) throw lockedError(path, holder);
      else await delay(RETRY_AFTER_MS);
    }
  } finally {
    await rm(mine, { force: true });
  }
}

async function linkIfAbsent(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * If the file has our own process id but we do not hold it, a process before a restart wrote it.
 */
function isStale(pid: number): boolean {
  return pid === process.pid || !isProcessAlive(pid);
}

/** Whether a process with that id exists, under any account. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function lockedError(path: string, holder: number): ImoError {
  return new ImoError(
    'EMBEDDED_POSTGRES_LOCKED',
    `process ${holder} has been starting or stopping the embedded PostgreSQL for more than ${WAIT_AT_MOST_MS / 1000} s`,
    `If that process no longer belongs to imo-ledger, delete ${path} and try again.`,
  );
}
