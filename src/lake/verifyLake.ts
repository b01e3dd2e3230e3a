import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duckDbText, withDuckDb } from '../export/write/parquet.js';
import type { LakeManifest } from './lakeManifest.js';
import { DAYS, RECENT } from './lakePaths.js';
import { readLake } from './lakeStore.js';
import type { LakePlace } from './places/lakePlace.js';
import { fileHash } from './write/fileHash.js';

/** What is wrong with a file of the lake. */
export interface LakeFault {
  readonly path: string;
  readonly fault: 'missing' | 'other content' | 'other rows' | 'not in the manifest';
}

export interface LakeVerified {
  readonly number: number;
  readonly files: number;
  readonly rows: number;
  readonly faults: readonly LakeFault[];
}

/**
 * Reads every file that the newest manifest names: its SHA-256 and its rows. It also finds files that no
 * manifest names.
 *
 * @throws ImoError `LAKE_NOT_FOUND`, `LAKE_BAD_MANIFEST` or `EXPORT_NO_DUCKDB`
 */
export async function verifyLake(
  place: LakePlace,
  onProgress: (done: number, total: number) => void,
): Promise<LakeVerified> {
  const { number, files, replaced } = await readLake(place);
  const present = new Set([...(await place.list(DAYS)), ...(await place.list(RECENT))]);
  const known = new Set([...files, ...replaced].map(({ path }) => path));
  const faults: LakeFault[] = [...present]
    .filter((path) => !known.has(path))
    .map((path) => ({ path, fault: 'not in the manifest' }));
  const rows = await withDuckDb(async (connection) => {
    let total = 0;
    for (const [index, file] of files.entries()) {
      const { path } = file;
      const countRows = async (local: string) => {
        const counted = await connection.runAndReadAll(
          `SELECT num_rows::VARCHAR AS rows FROM parquet_file_metadata(${duckDbText(local)})`,
        );
        return Number(counted.getRowObjectsJson()[0]?.rows);
      };
      const fault = present.has(path) ? await faultOf(place, file, countRows) : 'missing';
      if (fault !== null) faults.push({ path, fault });
      total += file.rows;
      onProgress(index + 1, files.length);
    }
    return total;
  });
  return { number, files: files.length, rows, faults };
}

async function faultOf(
  place: LakePlace,
  { path, bytes, sha256, rows }: LakeManifest['files'][number],
  countRows: (local: string) => Promise<number>,
): Promise<LakeFault['fault'] | null> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-lake-'));
  try {
    const local = await place.localCopy(path, folder);
    const found = await fileHash(local);
    if (found.bytes !== bytes || found.sha256 !== sha256) return 'other content';
    return (await countRows(local)) === rows ? null : 'other rows';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
