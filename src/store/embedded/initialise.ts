import { execFile } from 'node:child_process';
import { chown, rename, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { ServerAccount } from './account.js';
import type { PostgresBinaries } from './binaries.js';
import { type Cluster, makePrivateFolder } from './cluster.js';

/** The only role, and the database of the ledger. */
export const ROLE = 'imo_ledger';

/**
 * Runs initdb. The folder gets its name only when it is complete, so an interrupted one is made
 * again.
 */
export async function initialise(
  cluster: Cluster,
  binaries: PostgresBinaries,
  account: ServerAccount | null,
  options: { sync: boolean },
): Promise<void> {
  const unfinished = `${cluster.data}.new`;
  await makePrivateFolder(unfinished, account);
  // In the folder of the data, which the account can read; it may not be able to enter a temporary
  // folder.
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

/** Without our own environment: PGPORT, PGOPTIONS, LC_* and others would change the server. */
export const SERVER_ENVIRONMENT = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
