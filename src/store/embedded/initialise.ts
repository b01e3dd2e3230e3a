import { execFile } from 'node:child_process';
import { chown, rename, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { ServerAccount } from './account.js';
import type { PostgresBinaries } from './binaries.js';
import { type Cluster, makePrivateFolder } from './cluster.js';

/** The only role, and the database that the ledger is kept in. */
export const ROLE = 'imo_ledger';

/**
 * Runs initdb. The folder appears under its name only when it is complete, so one that was
 * interrupted is made again.
 */
export async function initialise(
  cluster: Cluster,
  binaries: PostgresBinaries,
  account: ServerAccount | null,
  options: { sync: boolean },
): Promise<void> {
  const unfinished = `${cluster.data}.new`;
  await makePrivateFolder(unfinished, account);
  // Beside the data, where the account can read it; a temporary folder may be closed to it.
  const passwordFile = `${cluster.data}.password`;
  await writeFile(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  try {
    if (account !== null) await chown(passwordFile, account.uid, account.gid);
    await promisify(execFile)(
      binaries.initdb,
      [
        `--pgdata=${unfinished}`,
        `--username=${ROLE}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        ...(options.sync ? [] : ['--no-sync']),
      ],
      { ...account, cwd: '/', env: SERVER_ENVIRONMENT },
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(unfinished, cluster.data);
}

/** Nothing of ours: PGPORT, PGOPTIONS, LC_* and the like would change the server. */
export const SERVER_ENVIRONMENT = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
