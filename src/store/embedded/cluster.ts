import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canEnter, ROOT_STORAGE, type ServerAccount } from './account.js';

/** The files of one embedded server. */
export interface Cluster {
  /** The folder that the user knows. It holds all files, unless root moved the data. */
  readonly folder: string;
  /** Postgres' own files (PGDATA), without symlinks in the path. */
  readonly data: string;
  readonly log: string;
  readonly lock: string;
  readonly users: string;
  /** Password of the only role. Random, readable only by the owner of the folder. */
  readonly password: string;
}

export function lockFile(folder: string): string {
  return join(folder, 'lock');
}

/** Finds or creates the files in an existing folder. The caller must hold the lock. */
export async function openCluster(folder: string, account: ServerAccount | null): Promise<Cluster> {
  const real = await realpath(folder);
  return {
    folder: real,
    data: await dataFolder(real, account),
    log: join(real, 'postgres.log'),
    lock: lockFile(folder),
    users: join(real, 'users'),
    password: await readOrMakePassword(join(real, 'password')),
  };
}

/**
 * Returns where the data are. If the account may not enter `folder` (below /root, for example),
 * they are in a folder of its own and `folder` has a symlink to it.
 */
async function dataFolder(folder: string, account: ServerAccount | null): Promise<string> {
  const data = join(folder, 'data');
  const entry = await lstat(data).catch(() => null);
  if (entry?.isSymbolicLink()) return readlink(data);
  if (entry !== null || account === null || (await canEnter(account, folder))) return data;

  await mkdir(ROOT_STORAGE, { recursive: true, mode: 0o755 });
  const elsewhere = await mkdtemp(join(ROOT_STORAGE, 'data-'));
  await chmod(elsewhere, 0o755);
  const target = join(elsewhere, 'data');
  await symlink(target, data);
  return target;
}

/** Deletes all files, wherever they are. The server must have ended. */
export async function removeCluster({ folder, data }: Cluster): Promise<void> {
  const places = new Set([dirname(data), folder]);
  for (const place of places) await rm(place, { recursive: true, force: true });
}

async function readOrMakePassword(path: string): Promise<string> {
  const existing = await readFile(path, 'utf8').catch(() => '');
  if (existing !== '') return existing;
  const password = randomBytes(18).toString('base64url');
  await writeFile(path, password, { mode: 0o600 });
  return password;
}

/** Makes an empty folder that only the account may use. */
export async function makePrivateFolder(
  path: string,
  account: ServerAccount | null,
): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { mode: 0o700 });
  if (account !== null) await chown(path, account.uid, account.gid);
}
