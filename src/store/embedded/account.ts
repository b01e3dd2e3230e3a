import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The system account that the server runs as. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/** Root's folder for copies of what the account must read but cannot reach in our own folders. */
export const ROOT_STORAGE = '/var/lib/imo-ledger';

/**
 * Returns the account that runs Postgres when we are root, because Postgres refuses to run as root:
 * `postgres`, which is created if it is missing, or else `nobody`. `null` for a normal user, who
 * does not need one.
 */
export async function serverAccount(): Promise<ServerAccount | null> {
  if (process.getuid?.() !== 0) return null;
  const existing = await accountNamed('postgres');
  if (existing !== null) return existing;
  await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']).catch(
    () => undefined, // useradd is missing, or /etc is read only: use nobody
  );
  const account = (await accountNamed('postgres')) ?? (await accountNamed('nobody'));
  if (account === null) throw new Error('no account "postgres" and no account "nobody"');
  return account;
}

async function accountNamed(name: string): Promise<ServerAccount | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/** Whether the account may pass through every folder on the way to `path`. */
export async function canEnter(account: ServerAccount, path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const entry = await stat(folder).catch(() => null);
    if (entry !== null) {
      const bit = entry.uid === account.uid ? 0o100 : entry.gid === account.gid ? 0o010 : 0o001;
      if ((entry.mode & bit) === 0) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}
