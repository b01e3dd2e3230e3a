/** `npm run bench:export`: a million entitlements to CSV, JSON lines and Parquet, against a bare COPY. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { openExport } from '../src/export/request/openExport.js';
import { parseExportRequest } from '../src/export/request/request.js';
import { migrate } from '../src/store/database/migrate.js';
import { openEmbedded } from '../src/store/embedded/embedded.js';
import { readDust } from '../src/store/read/entitlements/dust.js';
import { writeBooks } from './export/books.js';
import { bareCopy, type ExportRun, ourExport } from './export/contenders.js';
import { assertSums, sumsOfDatabase, sumsOfFile } from './export/sums.js';
import { withClient } from './ingest/databases.js';
import { median } from './ingest/report.js';

const QUERY_COPY = 'bare COPY of the same query';
const TABLE_COPY = 'bare COPY of a table with the same rows';

const { values } = parseArgs({
  options: {
    holders: { type: 'string', default: '250000' },
    snapshots: { type: 'string', default: '4' },
    runs: { type: 'string', default: '3' },
  },
});
const size = { holders: Number(values.holders), snapshots: Number(values.snapshots) };
const say = (line: string) => process.stdout.write(`${line}\n`);

const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-bench-'));
const database = await openEmbedded({ folder: join(folder, 'postgres'), ephemeral: true });
const duckdb = await (
  await DuckDBInstance.create(':memory:', { memory_limit: '1GB', threads: '2' })
).connect();
try {
  await bench();
} finally {
  duckdb.closeSync();
  await database.close();
  await rm(folder, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  const { url } = database;
  await migrate(url);
  say(`writing books of ${size.holders} holders and ${size.snapshots} snapshots`);
  await writeBooks(url, size);
  const query = await queryOf(url);
  const expected = await sumsOfDatabase(url, query);
  await assertDust(url, expected.share);
  say(`${expected.rows} rows; sums are those of the database in every file of every run:`);
  await withClient(url, (client) => client.query(`CREATE UNLOGGED TABLE line AS ${query}`));

  const runs: ExportRun[] = [];
  for (let turn = 1; turn <= Number(values.runs); turn += 1) {
    const bare = join(folder, 'bare.csv');
    runs.push(await bareCopy(url, QUERY_COPY, query, bare));
    assertSums(bare, await sumsOfFile(duckdb, csv(bare)), expected);
    runs.push(await bareCopy(url, TABLE_COPY, 'TABLE line', bare));
    for (const format of ['csv', 'jsonl', 'parquet']) {
      const file = join(folder, `rows.${format}`);
      runs.push(await ourExport(url, format, file));
      const source = { csv: csv(file), jsonl: jsonl(file), parquet: `'${file}'` }[format] ?? '';
      assertSums(file, await sumsOfFile(duckdb, source), expected);
    }
    say(
      `turn ${turn}: ${runs
        .slice(-5)
        .map(({ seconds }) => seconds.toFixed(2))
        .join(' s, ')} s`,
    );
  }
  say(`\n${table(runs, Number(expected.rows))}`);
}

async function queryOf(databaseUrl: string): Promise<string> {
  const request = parseExportRequest('entitlements', {});
  const exported = await openExport(request, { databaseUrl, withinMs: 600_000 });
  exported.rows.destroy();
  await exported.close();
  return exported.query;
}

/** Shares and what rounding leaves of them are what the snapshots assigned, by another way. */
async function assertDust(url: string, shares: bigint): Promise<void> {
  await withClient(url, async (client) => {
    const ids = Array.from({ length: size.snapshots }, (_, index) => index + 1);
    const dust = await readDust(
      client,
      ids.map((snapshotId) => ({ tokenNumber: 1, snapshotId })),
    );
    const { rows } = await client.query<{ sum: string }>('SELECT sum(claimable_wei) FROM snapshot');
    const left = dust.reduce((sum, wei) => sum + wei, 0n);
    if (BigInt(rows[0]?.sum ?? 0) - left !== shares) throw new Error(`${shares} + ${left} differ`);
  });
}

function csv(file: string): string {
  return `read_csv('${file}', header = true, all_varchar = true)`;
}

function jsonl(file: string): string {
  return `read_json('${file}', format = 'newline_delimited')`;
}

function table(runs: readonly ExportRun[], rows: number): string {
  const names = [...new Set(runs.map(({ contender }) => contender))];
  const of = (name: string, key: 'seconds' | 'megabytes' | 'peakMegabytes') =>
    median(runs.filter(({ contender }) => contender === name).map((run) => run[key] ?? 0));
  const limit = of(QUERY_COPY, 'seconds');
  return [
    '| | seconds | rows/s | of the bare COPY | peak MB | file MB |',
    '|---|---|---|---|---|---|',
    ...names.map((name) => {
      const seconds = of(name, 'seconds');
      const peak = of(name, 'peakMegabytes');
      return `| ${[
        name,
        seconds.toFixed(2),
        (rows / seconds).toFixed(0),
        `${((100 * limit) / seconds).toFixed(0)} %`,
        peak === 0 ? '–' : peak.toFixed(0),
        of(name, 'megabytes').toFixed(0),
      ].join(' | ')} |`;
    }),
  ].join('\n');
}
