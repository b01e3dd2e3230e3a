import { createWriteStream } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { ImoError } from '../../errors.js';
import type { OpenExport } from '../request/openExport.js';
import { writeParquet } from './parquet.js';

/** The file next to an export: CSV and JSON lines have no room for a manifest. */
function manifestPath(path: string): string {
  return `${path}.manifest.json`;
}

/**
 * Writes an export to a file, and its manifest next to it. The file has another name until it is
 * complete, so a file with the right name is always complete.
 *
 * @throws ImoError `EXPORT_NOT_WRITTEN`, or what the rows fail with
 */
export async function writeExportFile(exported: OpenExport, path: string): Promise<void> {
  const unfinished = `${path}.part`;
  try {
    if (exported.request.format === 'parquet') await writeParquet(exported, unfinished);
    else await pipeline(exported.rows, createWriteStream(unfinished));
    const manifest = { ...exported.manifest, rows: exported.rowCount() };
    await writeFile(manifestPath(path), `${JSON.stringify(manifest, null, 2)}\n`);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw isFileError(error) ? notWritten(path, error) : error;
  }
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}

function notWritten(path: string, cause: NodeJS.ErrnoException): ImoError {
  return new ImoError(
    'EXPORT_NOT_WRITTEN',
    `${path} cannot be written: ${cause.code ?? cause.message}`,
    'Name a file in a folder that exists, that you may write to and that has room.',
    { cause },
  );
}
