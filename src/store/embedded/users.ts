import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isProcessAlive } from './lock.js';

let opened = 0;

/**
 * Notes in `folder` that this process uses the server, as an empty file named by the process id and
 * a count. The caller must hold the lock of the server, as in `removeUser`.
 */
export async function addUser(folder: string): Promise<string> {
  opened += 1;
  const name = `${process.pid}.${opened}`;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), '');
  return name;
}

/** Removes a user. Returns whether it was the last one; killed processes do not count. */
export async function removeUser(folder: string, name: string): Promise<boolean> {
  await rm(join(folder, name), { force: true });
  let others = 0;
  for (const other of await readdir(folder)) {
    if (isProcessAlive(Number.parseInt(other, 10))) others += 1;
    else await rm(join(folder, other), { force: true });
  }
  return others === 0;
}
