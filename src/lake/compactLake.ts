import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { duckDbText, PARQUET_OPTIONS, withDuckDb } from '../export/write/parquet.js';
import type { Queryable } from '../store/read/query/queryable.js';
import { dayAt } from './history/chainBlocks.js';
import { rowsDiffer } from './lakeErrors.js';
import type { LakeFile } from './lakeManifest.js';
import { DAYS, filePath, RECENT } from './lakePaths.js';
import type { LakeStore } from './lakeStore.js';
import { fileHash } from './write/fileHash.js';

/** Days of books that are merged in one commit. */
const DAYS_AT_ONCE = 200;

/**
 * Merges the files of every day that is over into one file for each table, book, token and day. A day is
 * over when the lake has a row of a later day of the chain.
 *
 * @returns how many files were merged
 * @throws ImoError `LAKE_ROWS_DIFFER` or `LAKE_OTHER_WRITER`
 */
export async function compactLake(
  db: Queryable,
  store: LakeStore,
  signal: AbortSignal,
): Promise<number> {
  const today = new Map<number, string | null>();
  for (const { chainId, block } of store.manifest.chains) {
    today.set(chainId, await dayAt(db, chainId, block));
  }
  const groups = new Map<string, LakeFile[]>();
  for (const file of store.manifest.files) {
    const newest = today.get(file.chainId) ?? null;
    if (!file.path.startsWith(`${RECENT}/`) || newest === null || file.day >= newest) continue;
    const { table, chainId, book, token, day } = file;
    const name = [table, chainId, book, token, day].join(' ');
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  const all = [...groups.values()];
  for (let at = 0; at < all.length; at += DAYS_AT_ONCE) {
    signal.throwIfAborted();
    await mergeDays(store, all.slice(at, at + DAYS_AT_ONCE));
  }
  return all.reduce((sum, files) => sum + files.length, 0);
}

async function mergeDays(store: LakeStore, groups: readonly LakeFile[][]): Promise<void> {
  const attempt = randomUUID().slice(0, 13);
  const merged: LakeFile[] = [];
  await withDuckDb(async (connection) => {
    for (const files of groups) merged.push(await mergeFiles(store, files, attempt, connection));
  });
  const { manifest } = store;
  const gone = new Set(groups.flat().map(({ path }) => path));
  const since = new Date().toISOString();
  await store.commit({
    files: [...manifest.files.filter(({ path }) => !gone.has(path)), ...merged],
    staged: { attempt, paths: merged.map(({ path }) => path) },
    replaced: [...manifest.replaced, ...[...gone].map((path) => ({ path, since }))],
  });
}

async function mergeFiles(
  { place }: LakeStore,
  files: readonly LakeFile[],
  attempt: string,
  connection: DuckDBConnection,
): Promise<LakeFile> {
  const [first] = files;
  if (first === undefined) throw new RangeError('nothing to merge');
  const { table, chainId, book, token, day } = first;
  const range = {
    fromBlock: Math.min(...files.map(({ fromBlock }) => fromBlock)),
    toBlock: Math.max(...files.map(({ toBlock }) => toBlock)),
  };
  const where = { table, chainId, book, token, day, ...range };
  const path = filePath({ ...where, zone: DAYS, attempt });
  const fetched = await mkdtemp(join(tmpdir(), 'imo-ledger-lake-'));
  try {
    const sources = [];
    for (const file of files) sources.push(duckDbText(await place.localCopy(file.path, fetched)));
    const target = join(await place.workFolder(attempt), `${table}-${book}-${day}.parquet`);
    const copied = await connection.runAndReadAll(
      `COPY (SELECT * FROM read_parquet([${sources.join(', ')}], hive_partitioning = false)
        ORDER BY row_id) TO ${duckDbText(target)} (${PARQUET_OPTIONS})`,
    );
    const rows = Number(copied.getRowsJson()[0]?.[0]);
    const expected = files.reduce((sum, file) => sum + file.rows, 0);
    if (rows !== expected) throw rowsDiffer(table, expected, rows);
    const { bytes, sha256 } = await fileHash(target);
    await place.stage(attempt, target, path);
    return { path, ...where, rows, bytes, sha256 };
  } finally {
    await rm(fetched, { recursive: true, force: true });
  }
}
