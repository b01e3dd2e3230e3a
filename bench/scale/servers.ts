import { makeDeferredIndexes } from '../../src/store/database/deferredIndexes.js';
import { migrate } from '../../src/store/database/migrate.js';
import { PostgresServer } from '../../test/support/databases/postgresServer.js';
import { bodyOf, Contender } from '../api/contender.js';
import { apiDataset } from '../api/datasetSql.js';
import { type LoadLength, type LoadResult, load } from '../api/load.js';
import { type Question, questions } from '../api/questions.js';
import { withClient } from '../ingest/databases.js';
import { cpuSecondsOf } from '../ingest/processUsage.js';
import type { Table } from '../report/report.js';
import type { ScaleBenchOptions } from './options.js';

const SETTINGS = { shared_buffers: '256MB', max_connections: 100, fsync: 'off' } as const;
/** A cheap question, and one with a hundred rows. */
const ASKED = ['holder', 'page'] as const;
const WARM_UP_SECONDS = 2;
const SHORT: LoadLength = { requests: 3 };
const SHORT_RECEIPT_EVERY = 100;

/** What answers together. */
interface Setup {
  readonly title: string;
  readonly servers: readonly Contender[];
}

/** Requests a second by one and two API servers, without and with a streaming replica. */
export async function measureServers(
  options: ScaleBenchOptions,
  say: (line: string) => void,
): Promise<Table> {
  const primary = await PostgresServer.create(SETTINGS);
  const databases: PostgresServer[] = [primary];
  const started: Contender[] = [];
  try {
    await fill(primary.url, options);
    const standby = await primary.createStandby();
    databases.push(standby);
    const start = async (replicas: readonly PostgresServer[]) => {
      const server = await Contender.start('ours', primary.url, [], {
        READ_DATABASE_URLS: replicas.map(({ url }) => url).join(' '),
      });
      started.push(server);
      return server;
    };
    const [first, second, replicated] = [await start([]), await start([]), await start([standby])];
    const setups: Setup[] = [
      { title: '1 API server', servers: [first] },
      { title: '2 API servers', servers: [first, second] },
      { title: '2 API servers, one reads a replica', servers: [first, replicated] },
    ];
    return await measureSetups(setups, databases, options, say);
  } finally {
    for (const server of started) await server.stop();
    for (const database of databases) await database.remove();
  }
}

async function fill(url: string, { holders, isShort }: ScaleBenchOptions): Promise<void> {
  await migrate(url);
  const size = isShort ? { holders, receiptEveryBlocks: SHORT_RECEIPT_EVERY } : { holders };
  await withClient(url, async (client) => {
    for (const { sql } of apiDataset(size).statements) await client.query(sql);
    await makeDeferredIndexes(client);
  });
}

async function measureSetups(
  setups: readonly Setup[],
  databases: readonly PostgresServer[],
  options: ScaleBenchOptions,
  say: (line: string) => void,
): Promise<Table> {
  const rows: string[][] = [];
  const asked = questions(options.holders, ['']).filter(({ name }) =>
    ASKED.some((one) => one === name),
  );
  for (const question of asked) {
    for (const setup of setups) {
      const row = await measureSetup(setup, databases, question, options);
      say(`${question.title}, ${setup.title}: ${row[2]} requests/s`);
      rows.push(row);
    }
  }
  return {
    title: `API servers and replicas: ${options.holders} holders, ${options.connections} connections`,
    headings: [
      ...['question', 'what answers', 'requests/s', 'p99 ms'],
      ...['CPU ms of a request', 'of it in PostgreSQL'],
    ],
    rows,
  };
}

async function measureSetup(
  { title, servers }: Setup,
  databases: readonly PostgresServer[],
  question: Question,
  { connections, seconds, isShort }: ScaleBenchOptions,
): Promise<string[]> {
  const bodies = question.variables.map((variables) => bodyOf(question, variables));
  const each = Math.max(1, Math.ceil(connections / servers.length));
  const loadAll = (length: LoadLength) =>
    Promise.all(servers.map((server) => load(server.urlOf(question), bodies, each, length)));
  if (!isShort) await loadAll({ seconds: WARM_UP_SECONDS });
  const pids = await Promise.all(databases.map((database) => database.processId()));
  const cpu = () => ({
    servers: servers.reduce((sum, server) => sum + server.cpuSeconds(), 0),
    databases: pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0),
  });
  const before = cpu();
  const results: LoadResult[] = await loadAll(isShort ? SHORT : { seconds });
  const after = cpu();
  const requests = results.reduce((sum, result) => sum + result.requests, 0);
  const millis = (from: number, to: number) => ((1_000 * (to - from)) / requests).toFixed(2);
  const inDatabases = after.databases - before.databases;
  return [
    question.title,
    title,
    results.reduce((sum, result) => sum + result.requestsPerSecond, 0).toFixed(0),
    String(Math.max(...results.map(({ p99Ms }) => p99Ms))),
    millis(0, after.servers - before.servers + inDatabases),
    millis(0, inDatabases),
  ];
}
