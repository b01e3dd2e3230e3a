import { stat } from 'node:fs/promises';
import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import { freeBytes, gigabytes } from '../freeSpace.js';
import type { DatabaseSubject } from './database.js';

const LOCAL_HOSTS = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|)$/;
/** New indexes and migrations need room for a part of what is there. */
const SHARE = 0.1;

const KINDS = {
  DATABASE_DISK_LOW: {
    severity: 'warning',
    means: 'the disk of the database has little room left (only seen on this machine)',
    remedy: 'Make room on the disk, or move the database: a full disk stops `imo-ledger index`.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** How much room the disk of a server on this machine has. */
export const disk: Check<DatabaseSubject> = {
  name: 'disk',
  kinds: KINDS,
  async run({ about, url, pool, freeBytesAtLeast }) {
    if (!LOCAL_HOSTS.test(new URL(url).hostname)) return [];
    const { rows } = await pool.query<{ folder: string | null; bytes: number }>(
      `SELECT (SELECT setting FROM pg_settings WHERE name = 'data_directory') AS folder,
         pg_database_size(current_database()) AS bytes`,
    );
    const [{ folder, bytes } = { folder: null, bytes: 0 }] = rows;
    // The server may run in a container, with folders of its own.
    if (folder === null || (await stat(folder).catch(() => null)) === null) return [];
    const free = await freeBytes(folder);
    if (free === null || free >= Math.max(freeBytesAtLeast, SHARE * bytes)) return [];
    const left = `${gigabytes(free)} are free on the disk of ${folder}; the database has ${gigabytes(bytes)}`;
    return [found.DATABASE_DISK_LOW(about, left)];
  },
};
