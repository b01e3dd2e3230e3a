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
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** CPU time of a warm request, of the server and of the database: it depends less on other load. */
  readonly serverCpuMs: number;
  readonly databaseCpuMs: number;
}

const WARM_UP = 3;

/** Asks for each series by day over two years, one request after the other. */
export async function bench(
  { holders, runs }: SeriesBenchOptions,
  report: (line: string) => void,
): Promise<SeriesResult[]> {
  const dataset = { name: `series-${holders}`, statements: fillStatements(holders) };
  const database = await openDataset(dataset, report);
  try {
    await withClient(database.url, (client) => prepare(client, report));
    const server = await Contender.start('ours', database.url);
    try {
      const results: SeriesResult[] = [];
      for (const question of seriesQuestions(holders)) {
        results.push(await ask(server, question, runs));
      }
      return results;
    } finally {
      await server.stop();
    }
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
  { title, queries }: SeriesQuestion,
  runs: number,
): Promise<SeriesResult> {
  const took: number[] = [];
  const postgres = pidBelowUs('postgres');
  let [serverCpu, databaseCpu] = [0, 0];
  for (let request = 0; request <= WARM_UP + runs; request += 1) {
    const query = queries[request % queries.length] ?? '';
    if (request === 1 + WARM_UP) {
      [serverCpu, databaseCpu] = [server.cpuSeconds(), cpuSecondsOf(postgres)];
    }
    const startedAt = performance.now();
    const text = await server.askText(query);
    took.push(performance.now() - startedAt);
    if (!/^\{"data":\{"\w+":\[/.test(text)) throw new Error(`${title}: ${text.slice(0, 500)}`);
  }
  const [firstMs = Number.NaN] = took;
  const warm = took.slice(1 + WARM_UP).sort((a, b) => a - b);
  const at = (part: number) => warm[Math.min(warm.length - 1, Math.floor(part * warm.length))];
  const ofRequest = (seconds: number) => (seconds * 1_000) / runs;
  return {
    title,
    firstMs,
    p50Ms: at(0.5) ?? Number.NaN,
    p95Ms: at(0.95) ?? Number.NaN,
    serverCpuMs: ofRequest(server.cpuSeconds() - serverCpu),
    databaseCpuMs: ofRequest(cpuSecondsOf(postgres) - databaseCpu),
  };
}
