import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** The projects of a run load this module each for itself, and share the folder all the same. */
declare global {
  var testFolder: { readonly path: Promise<string | null>; users: number } | undefined;
}

const MEMORY = '/dev/shm';
/** Databases of a run take less than half of it. */
const ROOM_BYTES = 4 * 2 ** 30;
const PREFIX = 'imo-ledger-tests-';
/** As of `/tmp`: servers of PostgreSQL run as another account. */
const MODE = 0o1777;

/**
 * Temporary files of a run are in memory, where the system has room: a database is a thousand small
 * files, and a run makes hundreds of databases.
 */
export default async function setup(): Promise<() => Promise<void>> {
  globalThis.testFolder ??= { path: makeFolder(), users: 0 };
  const folder = globalThis.testFolder;
  folder.users += 1;
  const path = await folder.path;
  const { TMPDIR } = process.env;
  if (path !== null) process.env.TMPDIR = path;
  return async () => {
    folder.users -= 1;
    if (folder.users > 0 || path === null) return;
    globalThis.testFolder = undefined;
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
  };
}

async function makeFolder(): Promise<string | null> {
  if (!existsSync(MEMORY)) return null;
  await removeAbandoned();
  const { bavail, bsize } = await statfs(MEMORY);
  if (bavail * bsize < ROOM_BYTES) return null;
  const path = join(MEMORY, `${PREFIX}${process.pid}`);
  await mkdir(path);
  await chmod(path, MODE);
  return path;
}

/** What runs left that were killed. */
async function removeAbandoned(): Promise<void> {
  const names = await readdir(MEMORY);
  const abandoned = names.filter(
    (name) => name.startsWith(PREFIX) && !existsSync(`/proc/${name.slice(PREFIX.length)}`),
  );
  for (const name of abandoned) await rm(join(MEMORY, name), { recursive: true, force: true });
}
