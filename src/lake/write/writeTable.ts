import { join } from 'node:path';
import { z } from 'zod';
import { openExport } from '../../export/request/openExport.js';
import type { ExportRequest } from '../../export/request/request.js';
import {
  type DuckDbRow,
  duckDbText,
  PARQUET_OPTIONS,
  pipeToDuckDb,
} from '../../export/write/parquet.js';
import type { LakeFile } from '../lakeManifest.js';
import { DAYS, filePath, NO_TOKEN, RECENT } from '../lakePaths.js';
import { type LakeTable, PARTITION_COLUMNS } from '../lakeTables.js';
import type { LakePlace } from '../places/lakePlace.js';
import { fileHash } from './fileHash.js';

/** Nobody waits for a lake but the one who writes it, and who can end it. */
const WITHIN_MS = 24 * 3_600_000;

/** Blocks of a chain that are written together. */
export interface LakeStep {
  readonly chainId: number;
  readonly fromBlock: number;
  readonly toBlock: number;
  /** Numbers of the books whose rows are written. */
  readonly numbers: readonly number[];
  /** Days before `before` and after `after` are whole in these blocks. `null`: no block is before these. */
  readonly wholeDays: { readonly after: string | null; readonly before: string | null };
}

interface WriteOptions {
  readonly place: LakePlace;
  readonly databaseUrl: string;
  readonly attempt: string;
  readonly signal: AbortSignal;
}

const WrittenSchema = z.object({
  filename: z.string(),
  count: z.coerce.number().int(),
  partition_keys: z.array(z.object({ key: z.string(), value: z.string() })),
});

/** Writes the rows of one table in a step to staged files, one for each book, token and day. */
export async function writeTable(
  { dataset }: LakeTable,
  step: LakeStep,
  options: WriteOptions,
): Promise<LakeFile[]> {
  const { place, databaseUrl, attempt, signal } = options;
  const work = join(await place.workFolder(attempt), `${dataset.name}-${step.fromBlock}`);
  const exported = await openExport(requestOf(dataset, step), {
    databaseUrl,
    withinMs: WITHIN_MS,
  });
  const end = () => exported.rows.destroy(signal.reason);
  signal.addEventListener('abort', end);
  let written: readonly DuckDbRow[];
  try {
    signal.throwIfAborted();
    written = await pipeToDuckDb(exported, (source) => partitionedCopy(source, step, work));
  } finally {
    signal.removeEventListener('abort', end);
    await exported.close();
  }
  const files: LakeFile[] = [];
  for (const row of written) files.push(await stageFile(dataset.name, row, step, options));
  return files;
}

async function stageFile(
  table: string,
  row: DuckDbRow,
  { chainId, fromBlock, toBlock, wholeDays }: LakeStep,
  { place, attempt }: WriteOptions,
): Promise<LakeFile> {
  const { filename, count: rows, partition_keys: keys } = WrittenSchema.parse(row);
  const keyOf = (key: string) => keys.find((one) => one.key === key)?.value ?? '';
  const [book, day, named] = [Number(keyOf('book')), keyOf('day'), keyOf('token')];
  const token = named === NO_TOKEN ? null : named;
  const { after, before } = wholeDays;
  const isWhole = before !== null && day < before && (after === null || day > after);
  const zone = isWhole ? DAYS : RECENT;
  const where = { table, chainId, token, day, book, fromBlock, toBlock };
  const path = filePath({ ...where, zone, attempt });
  const { bytes, sha256 } = await fileHash(filename);
  await place.stage(attempt, filename, path);
  return { path, ...where, rows, bytes, sha256 };
}

function requestOf(
  dataset: ExportRequest['dataset'],
  { chainId, fromBlock, toBlock }: LakeStep,
): ExportRequest {
  return {
    dataset,
    format: 'parquet',
    chainId,
    tokens: [],
    holders: [],
    snapshotId: null,
    isContract: null,
    kinds: [],
    from: { block: fromBlock },
    to: null,
    at: { block: toBlock },
    currency: null,
    cursor: null,
    resume: null,
  };
}

/** Row ids start with the number of their books (`src/store/ids.ts`). */
const BOOK = `ltrim(split_part(row_id, '-', 1), 'a')::INTEGER`;

function partitionedCopy(source: string, { numbers }: LakeStep, folder: string): string {
  return `COPY (
    SELECT * EXCLUDE (${PARTITION_COLUMNS.join(', ')}), ${BOOK} AS book,
      coalesce(token, '${NO_TOKEN}') AS token, block_time::DATE AS day
    FROM ${source} WHERE ${BOOK} IN (${numbers.join(', ')})
  ) TO ${duckDbText(folder)} (${PARQUET_OPTIONS}, PARTITION_BY (book, token, day),
    FILENAME_PATTERN 'part-{i}', RETURN_STATS)`;
}
