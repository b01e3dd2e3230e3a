import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenDatabase } from '../../src/store/embedded/embedded.js';
import { withClient } from '../ingest/databases.js';
import { median } from '../ingest/report.js';
import { bodyOf, Contender } from './contender.js';
import { CACHE, openDataset } from './dataset.js';
import { apiDataset } from './datasetSql.js';
import { type LoadLength, type LoadResult, load } from './load.js';
import type { ApiBenchOptions } from './options.js';
import { amountsIn, type Peer, startPeer } from './peers.js';
import { type Question, questions, REFUSED_QUESTIONS } from './questions.js';

/** One contender on a question with some connections: medians of the runs. */
export interface Speed extends LoadResult {
  /** CPU of the server's process for one request. */
  readonly cpuMs: number;
}

/** Both contenders on one question with some connections. */
export interface QuestionResult {
  readonly question: Question;
  readonly connections: number;
  readonly ours: Speed;
  /** `null`: it is only asked once, since one answer takes seconds. */
  readonly limit: Speed | null;
  /** The servers of others; `null`: it cannot answer the question. */
  readonly peers: readonly { readonly name: string; readonly speed: Speed | null }[];
  /** The first answer of a new process to this question. */
  readonly firstMs: FirstAnswers;
}

interface FirstAnswers {
  readonly ours: number;
  readonly limit: number;
}

/** Places in the list of holders that pages begin at, all through it. */
const CURSORS = 500;
/** Over all holders at each request: not under load. */
const ASKED_ONCE = 'claimable';
const WARM_UP: LoadLength = { seconds: 2 };
/** Of the short form, in place of seconds. */
const SHORT: LoadLength = { requests: 5 };
const SHORT_RECEIPT_EVERY = 100;

/**
 * Asks both servers the same questions over the same database, in turns, and checks that the
 * answers are equal byte for byte.
 */
export async function bench(
  options: ApiBenchOptions,
  report: (line: string) => void,
): Promise<QuestionResult[]> {
  const folder = options.isShort ? await mkdtemp(join(tmpdir(), 'bench-api-')) : CACHE;
  const { holders, isShort } = options;
  const size = isShort ? { holders, receiptEveryBlocks: SHORT_RECEIPT_EVERY } : { holders };
  const database = await openDataset(apiDataset(size), report, folder);
  try {
    return await benchOver(database, options, report);
  } finally {
    await database.close();
    if (options.isShort) await rm(folder, { recursive: true, force: true });
  }
}

async function benchOver(
  database: OpenDatabase,
  options: ApiBenchOptions,
  report: (line: string) => void,
): Promise<QuestionResult[]> {
  const flags =
    options.profileFolder === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profileFolder}`];
  const ours = await Contender.start('ours', database.url, flags);
  const limit = await Contender.start('limit', database.url);
  const peers: Peer[] = [];
  try {
    for (const name of options.peers) peers.push(await startPeer(name, database.url, report));
    const all = questions(options.holders, await cursors(database.url));
    const results: QuestionResult[] = [];
    for (const question of all.filter(({ name }) => options.questions.includes(name))) {
      results.push(...(await compare(question, { ours, limit, peers }, options, report)));
    }
    await reportRefusals(ours, report);
    return results;
  } finally {
    await Promise.all([ours, limit, ...peers.map(({ server }) => server)].map((one) => one.stop()));
  }
}

/** Lists over all holders: answered, or refused with the limit, each in under a second once it is warm. */
async function reportRefusals(ours: Contender, report: (line: string) => void): Promise<void> {
  for (const { title, query } of REFUSED_QUESTIONS) {
    await ours.askText(query);
    const startedAt = performance.now();
    const text = await ours.askText(query);
    const ms = performance.now() - startedAt;
    const said = /"code":"(\w+)"/.exec(text)?.[1] ?? 'answered';
    report(`${title}: ${said} in ${ms.toFixed(0)} ms${ms > 1_000 ? ', which is too slow' : ''}`);
  }
}

interface Servers {
  readonly ours: Contender<'ours'>;
  readonly limit: Contender<'limit'>;
  readonly peers: readonly Peer[];
}

/** What is sent to a server again and again. */
interface Runner {
  readonly server: Contender;
  readonly bodies: readonly string[];
}

async function compare(
  question: Question,
  servers: Servers,
  options: ApiBenchOptions,
  report: (line: string) => void,
): Promise<QuestionResult[]> {
  const { ours, limit, peers } = servers;
  const compared = options.isShort ? COMPARED_SHORT : COMPARED;
  const firstMs = await checkAnswers(question, { ours, limit }, compared);
  await checkPeers(question, servers);
  const bodies = question.variables.map((variables) => bodyOf(question, variables));
  const runners: Runner[] = [
    { server: ours, bodies },
    ...(question.name === ASKED_ONCE ? [] : [{ server: limit, bodies }]),
    ...peers.flatMap(({ server, asks }) => {
      const ask = asks[question.name];
      return ask === undefined ? [] : [{ server, bodies: question.variables.map(ask) }];
    }),
  ];
  const results: QuestionResult[] = [];
  for (const connections of options.connections) {
    const found = await measureInTurns(question, runners, connections, options, report);
    const speedOf = (name: string) => {
      const speeds = found.get(name);
      return speeds === undefined ? null : medians(speeds);
    };
    results.push({
      question,
      connections,
      ours: medians(found.get('ours') ?? []),
      limit: speedOf('limit'),
      peers: peers.map(({ server: { name } }) => ({ name, speed: speedOf(name) })),
      firstMs,
    });
  }
  return results;
}

/** The runs of each server, by its name. */
async function measureInTurns(
  question: Question,
  runners: readonly Runner[],
  connections: number,
  options: ApiBenchOptions,
  report: (line: string) => void,
): Promise<ReadonlyMap<string, readonly Speed[]>> {
  const found = new Map(runners.map(({ server }) => [server.name, [] as Speed[]]));
  if (!options.isShort) {
    for (const { server, bodies } of runners) {
      await load(server.urlOf(question), bodies, connections, WARM_UP);
    }
  }
  for (let run = 1; run <= options.runs; run++) {
    for (const { server, bodies } of runners) {
      const speed = await measure(server, question, bodies, connections, options);
      found.get(server.name)?.push(speed);
      report(
        `${question.title}, ${connections} connections, ${server.name}: ` +
          `${speed.requestsPerSecond.toFixed(0)} requests/s, p50 ${speed.p50Ms} ms, p99 ${speed.p99Ms} ms`,
      );
    }
  }
  return found;
}

async function measure(
  contender: Contender,
  question: Question,
  bodies: readonly string[],
  connections: number,
  { seconds, isShort }: ApiBenchOptions,
): Promise<Speed> {
  const before = contender.cpuSeconds();
  const length = isShort ? SHORT : { seconds };
  const result = await load(contender.urlOf(question), bodies, connections, length);
  const cpuSeconds = contender.cpuSeconds() - before;
  return { ...result, cpuMs: (cpuSeconds * 1000) / result.requests };
}

/** @throws Error if the rows of a peer's answer have other amounts than ours */
async function checkPeers(question: Question, { ours, peers }: Servers): Promise<void> {
  for (const { server, asks } of peers) {
    const ask = asks[question.name];
    if (ask === undefined) continue;
    for (const variables of question.variables.slice(-PEERS_COMPARED)) {
      const wanted = amountsIn(await ours.ask(question, variables)).join();
      const answer = await server.post(ask(variables));
      if (wanted === amountsIn(answer).join()) continue;
      throw new Error(`${question.title}: ${server.name} has other rows\n${answer.slice(0, 2000)}`);
    }
  }
}

/** Requests of a question whose answers are compared; the second of the short form. */
const COMPARED = 25;
const COMPARED_SHORT = 5;
const PEERS_COMPARED = 5;

/** @throws Error if one of our answers differs from the limit's. */
async function checkAnswers(
  question: Question,
  { ours, limit }: Pick<Servers, 'ours' | 'limit'>,
  compared: number,
): Promise<FirstAnswers> {
  const first = { ours: 0, limit: 0 };
  for (const [index, variables] of question.variables.slice(0, compared).entries()) {
    const timed = async (contender: Contender<'ours' | 'limit'>) => {
      const startedAt = performance.now();
      const text = await contender.ask(question, variables);
      if (index === 0) first[contender.name] = performance.now() - startedAt;
      return text;
    };
    const [left, right] = [await timed(ours), await timed(limit)];
    if (left !== right || !left.startsWith('{"data":')) {
      throw new Error(
        `${question.title}: the answers differ\n${left.slice(0, 2000)}\n${right.slice(0, 2000)}`,
      );
    }
  }
  return first;
}

function medians(speeds: readonly Speed[]): Speed {
  const of = (key: keyof Speed) => median(speeds.map((speed) => speed[key]));
  return {
    requests: of('requests'),
    requestsPerSecond: of('requestsPerSecond'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    cpuMs: of('cpuMs'),
  };
}

function cursors(databaseUrl: string): Promise<string[]> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ account: Buffer; balance: string }>(
      `SELECT account, balance FROM (SELECT account, balance,
         row_number() OVER (ORDER BY balance DESC, account) AS n FROM holder WHERE token_number = 1) h
       WHERE n % (SELECT greatest(1, count(*) / ${CURSORS + 1}) FROM holder WHERE token_number = 1) = 0
       ORDER BY n LIMIT ${CURSORS}`,
    );
    return rows.map(({ account, balance }) =>
      Buffer.from(`holders:1:balance|${balance}|0x${account.toString('hex')}`).toString(
        'base64url',
      ),
    );
  });
}
