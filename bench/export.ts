/** `npm run bench:export`: a million entitlements to CSV, JSON lines and Parquet, against a bare COPY. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { openExport } from '../src/export/request/openExport.js';
import { parseExportRequest } from '../src/export/request/request.js';
import { migrate } from '../src/store/database/migrate.js';
import { openEmbedded } from '../src/store/embedded/embedded.js';
import { readDust } from '../src/store/read/entitlements/dust.js';
import { positive } from './api/options.js';
import { writeBooks } from './export/books.js';
import { bareCopy, type ExportRun, ourExport } from './export/contenders.js';
import { assertSums, type Sums, sumsOfDatabase, sumsOfFile } from './export/sums.js';
import { withClient } from './ingest/databases.js';
import { median } from './ingest/report.js';
import { runProgram } from './program.js';
import type { BenchReport, Table } from './report/report.js';

const QUERY_COPY = 'bare COPY of the same query';
const TABLE_COPY = 'bare COPY of a table with the same rows';

interface ExportBenchOptions {
  readonly holders: number;
  readonly snapshots: number;
  readonly runs: number;
}

const USAGE = `npm run bench:export -- [options]

  --holders <n>    of the token                       (250000)
  --snapshots <n>  of it, so many entitlements each   (4)
  --runs <n>       turns of each contender            (3)
`;

await runProgram({ name: 'export', parse: parseOptions, usage: USAGE, run });

/** `null`: help was asked for. @throws BenchOptionError */
function parseOptions(argv: readonly string[]): ExportBenchOptions | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      holders: { type: 'string', default: '250000' },
      snapshots: { type: 'string', default: '4' },
      runs: { type: 'string', default: '3' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  return {
    holders: positive('holders', values.holders),
    snapshots: positive('snapshots', values.snapshots),
    runs: positive('runs', values.runs),
  };
}

/** What the turns share. */
interface Arena {
  readonly folder: string;
  readonly url: string;
  readonly duckdb: DuckDBConnection;
}

async function run(options: ExportBenchOptions, say: (line: string) => void): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-bench-'));
  const database = await openEmbedded({ folder: join(folder, 'postgres'), ephemeral: true });
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB', threads: '2' });
  const duckdb = await instance.connect();
  try {
    return await bench(options, { folder, url: database.url, duckdb }, say);
  } finally {
    duckdb.closeSync();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function bench(
  options: ExportBenchOptions,
  arena: Arena,
  say: (line: string) => void,
): Promise<BenchReport> {
  const { url } = arena;
  await migrate(url);
  say(`writing books of ${options.holders} holders and ${options.snapshots} snapshots`);
  await writeBooks(url, options);
  const query = await queryOf(url);
  const expected = await sumsOfDatabase(url, query);
  await assertDust(url, options.snapshots, expected.share);
  say(`${expected.rows} rows; sums are those of the database in every file of every run:`);
  await withClient(url, (client) => client.query(`CREATE UNLOGGED TABLE line AS ${query}`));

  const runs: ExportRun[] = [];
  for (let turn = 1; turn <= options.runs; turn += 1) {
    const taken = await takeTurn(arena, query, expected);
    runs.push(...taken);
    say(`turn ${turn}: ${taken.map(({ seconds }) => seconds.toFixed(2)).join(' s, ')} s`);
  }
  return { tables: [table(runs, Number(expected.rows))], goals: [], plots: [] };
}

/** Each contender once. */
async function takeTurn(
  { folder, url, duckdb }: Arena,
  query: string,
  expected: Sums,
): Promise<ExportRun[]> {
  const bare = join(folder, 'bare.csv');
  const runs = [await bareCopy(url, QUERY_COPY, query, bare)];
  assertSums(bare, await sumsOfFile(duckdb, csv(bare)), expected);
  runs.push(await bareCopy(url, TABLE_COPY, 'TABLE line', bare));
  for (const format of ['csv', 'jsonl', 'parquet']) {
    const file = join(folder, `rows.${format}`);
    runs.push(await ourExport(url, format, file));
    const source = { csv: csv(file), jsonl: jsonl(file), parquet: `'${file}'` }[format] ?? '';
    assertSums(file, await sumsOfFile(duckdb, source), expected);
  }
  return runs;
}

async function queryOf(databaseUrl: string): Promise<string> {
  const request = parseExportRequest('entitlements', {});
  const exported = await openExport(request, { databaseUrl, withinMs: 600_000 });
  exported.rows.destroy();
  await exported.close();
  return exported.query;
}

/** Shares and what rounding leaves of them are what the snapshots assigned, by another way. */
async function assertDust(url: string, snapshots: number, shares: bigint): Promise<void> {
  await withClient(url, async (client) => {
    const ids = Array.from({ length: snapshots }, (_, index) => index + 1);
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

function table(runs: readonly ExportRun[], rows: number): Table {
  const names = [...new Set(runs.map(({ contender }) => contender))];
  const of = (name: string, key: 'seconds' | 'megabytes' | 'peakMegabytes') =>
    median(runs.filter(({ contender }) => contender === name).map((run) => run[key] ?? 0));
  const limit = of(QUERY_COPY, 'seconds');
  return {
    title: null,
    headings: ['', 'seconds', 'rows/s', 'of the bare COPY', 'peak MB', 'file MB'],
    rows: names.map((name) => {
      const seconds = of(name, 'seconds');
      const peak = of(name, 'peakMegabytes');
      return [
        name,
        seconds.toFixed(2),
        (rows / seconds).toFixed(0),
        `${((100 * limit) / seconds).toFixed(0)} %`,
        peak === 0 ? '–' : peak.toFixed(0),
        of(name, 'megabytes').toFixed(0),
      ];
    }),
  };
}
