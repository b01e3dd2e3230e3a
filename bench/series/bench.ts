import type { ClientBase } from 'pg';
import { makeDeferredIndexes } from '../../src/store/database/deferredIndexes.js';
import { keepNextDays } from '../../src/store/write/days/keepDays.js';
import { readFinalDay } from '../../src/store/write/days/nextDays.js';
import { Contender } from '../api/contender.js';
import { openDataset } from '../api/dataset.js';
import { withClient } from '../ingest/databases.js';
import { cpuSecondsOf, pidBelowUs } from '../ingest/processUsage.js';
import { fillStatements } from './booksSql.js';
import type { SeriesBenchOptions } from './options.js';
import { type SeriesQuestion, seriesQuestions } from './questions.js';

/** How long the answers to a question took, in milliseconds. */
export interface SeriesResult {
  readonly title: string;
  readonly firstMs: number;
  /** The median of requests before each of which something was committed. */
  readonly changedMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** CPU time of a warm request, of the server and of the database: it depends less on other load. */
  readonly serverCpuMs: number;
  readonly databaseCpuMs: number;
}

const WARM_UP = 3;
const AFTER_COMMITS = 5;

/** Asks for each series by day over two years, one request after the other. */
export async function bench(
  { holders, runs }: SeriesBenchOptions,
  report: (line: string) => void,
): Promise<SeriesResult[]> {
  const dataset = { name: `series-${holders}`, statements: fillStatements(holders) };
  const database = await openDataset(dataset, report);
  try {
    return await withClient(database.url, async (client) => {
      await prepare(client, report);
      const server = await Contender.start('ours', database.url);
      try {
        const results: SeriesResult[] = [];
        for (const question of seriesQuestions(holders)) {
          results.push(await ask(server, client, question, runs));
        }
        return results;
      } finally {
        await server.stop();
      }
    });
  } finally {
    await database.close();
  }
}

/** What the indexer does in the background, as a part of which it keeps the days of two years. */
async function prepare(client: ClientBase, report: (line: string) => void): Promise<void> {
  await makeDeferredIndexes(client);
  const startedAt = performance.now();
  const day = await readFinalDay(client, 1);
  let pieces = 0;
  await client.query('SET enable_seqscan = off; SET jit = off');
  while (day !== null && (await keepNextDays(client, 1, day))) pieces++;
  await client.query('ANALYZE transfer_day, rank_day, rank_change');
  const seconds = (performance.now() - startedAt) / 1_000;
  if (pieces > 0) report(`days kept in ${pieces} pieces: ${seconds.toFixed(1)} s`);
}

async function ask(
  server: Contender,
  client: ClientBase,
  { title, queries }: SeriesQuestion,
  runs: number,
): Promise<SeriesResult> {
  let asked = 0;
  const askNext = async () => {
    const startedAt = performance.now();
    const text = await server.askText(queries[asked++ % queries.length] ?? '');
    const took = performance.now() - startedAt;
    if (!/^\{"data":\{"\w+":\[/.test(text)) throw new Error(`${title}: ${text.slice(0, 500)}`);
    return took;
  };
  const firstMs = await askNext();
  const changed: number[] = [];
  for (let commit = 0; commit < AFTER_COMMITS; commit++) {
    await client.query('SELECT pg_current_xact_id()');
    changed.push(await askNext());
  }
  for (let request = 0; request < WARM_UP; request++) await askNext();
  const postgres = pidBelowUs('postgres');
  const [serverCpu, databaseCpu] = [server.cpuSeconds(), cpuSecondsOf(postgres)];
  const warm: number[] = [];
  while (warm.length < runs) warm.push(await askNext());
  const ofRequest = (seconds: number) => (seconds * 1_000) / runs;
  return {
    title,
    firstMs,
    changedMs: quantile(changed, 0.5),
    p50Ms: quantile(warm, 0.5),
    p95Ms: quantile(warm, 0.95),
    serverCpuMs: ofRequest(server.cpuSeconds() - serverCpu),
    databaseCpuMs: ofRequest(cpuSecondsOf(postgres) - databaseCpu),
  };
}

function quantile(times: readonly number[], part: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
