import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { to as copyTo } from 'pg-copy-streams';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import { withClient } from '../ingest/databases.js';
import { measureProgram } from '../measuredProgram.js';

/** What one export took. */
export interface ExportRun {
  readonly contender: string;
  readonly seconds: number;
  /** Most resident memory of the process; `null` where it is not its own. */
  readonly peakMegabytes: number | null;
  readonly megabytes: number;
}

const COMMAND = join(PROJECT_ROOT, 'bin', 'imo-ledger.js');

/** The limit: COPY of a query into a file, by the driver alone. */
export async function bareCopy(
  url: string,
  contender: string,
  query: string,
  file: string,
): Promise<ExportRun> {
  return withClient(url, async (client) => {
    await client.query(
      "SET work_mem = '64MB'; SET jit = off; SET enable_nestloop = off; SET timezone = 'UTC'",
    );
    const startedAt = performance.now();
    const rows = client.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT csv, HEADER true)`));
    await pipeline(rows, createWriteStream(file));
    const seconds = (performance.now() - startedAt) / 1000;
    return { contender, seconds, peakMegabytes: null, megabytes: await sizeOf(file) };
  });
}

/** `imo-ledger export entitlements`, a process of its own, its start included. */
export async function ourExport(url: string, format: string, file: string): Promise<ExportRun> {
  const args = [COMMAND, 'export', 'entitlements', '--format', format, '--out', file];
  const { seconds, peakMegabytes } = await measureProgram(args, { DATABASE_URL: url });
  return {
    contender: `imo-ledger export, ${format}`,
    seconds,
    peakMegabytes,
    megabytes: await sizeOf(file),
  };
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file)).size / 1e6;
}
