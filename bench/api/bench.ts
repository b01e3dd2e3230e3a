import { withClient } from '../ingest/databases.js';
import { median } from '../ingest/report.js';
import { bodyOf, Contender } from './contender.js';
import { openDataset } from './dataset.js';
import { apiDataset } from './datasetSql.js';
import { type LoadResult, load } from './load.js';
import type { ApiBenchOptions } from './options.js';
import { type Question, questions, REFUSED_QUESTIONS } from './questions.js';

/** Both contenders on one question: medians of the runs. */
export interface QuestionResult {
  readonly question: Question;
  readonly ours: LoadResult;
  /** `null`: it is only asked once, since one answer takes seconds. */
  readonly limit: LoadResult | null;
  /** Our very first answer, with empty caches, and one of the limit. */
  readonly firstMs: { readonly ours: number; readonly limit: number };
  /** CPU of the server's process for one of our requests, and for one of the limit's. */
  readonly cpuMs: { readonly ours: number; readonly limit: number };
}

/** Places in the list of holders that pages begin at, all through it. */
const CURSORS = 500;
/** Over all holders at each request: not under load. */
const ASKED_ONCE = 'claimable';
const WARM_UP_SECONDS = 3;

/**
 * Asks both servers the same questions over the same database, in turns, and checks that the
 * answers are equal byte for byte.
 */
export async function bench(
  options: ApiBenchOptions,
  report: (line: string) => void,
): Promise<QuestionResult[]> {
  const database = await openDataset(apiDataset({ holders: options.holders }), report);
  const flags =
    options.profileFolder === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profileFolder}`];
  const ours = await Contender.start('ours', database.url, flags);
  const limit = await Contender.start('limit', database.url);
  try {
    const all = questions(options.holders, await cursors(database.url));
    const results: QuestionResult[] = [];
    for (const question of all.filter(({ name }) => options.questions.includes(name))) {
      results.push(await compare(question, ours, limit, options, report));
    }
    await reportRefusals(ours, report);
    return results;
  } finally {
    await ours.stop();
    await limit.stop();
    await database.close();
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

async function compare(
  question: Question,
  ours: Contender,
  limit: Contender,
  options: ApiBenchOptions,
  report: (line: string) => void,
): Promise<QuestionResult> {
  const { runs, seconds, connections } = options;
  const isAskedOnce = question.name === ASKED_ONCE;
  const firstMs = await checkAnswers(question, ours, limit);
  const bodies = question.variables.map((variables) => bodyOf(question, variables));
  const contenders = isAskedOnce ? [ours] : [ours, limit];
  for (const contender of contenders) {
    await load(contender.urlOf(question), bodies, { seconds: WARM_UP_SECONDS, connections });
  }
  const found = new Map(contenders.map(({ name }) => [name, [] as LoadResult[]]));
  const cpuMs = { ours: Number.NaN, limit: Number.NaN };
  for (let run = 1; run <= runs; run++) {
    for (const contender of contenders) {
      const before = contender.cpuSeconds();
      const result = await load(contender.urlOf(question), bodies, { seconds, connections });
      const cpuSeconds = contender.cpuSeconds() - before;
      cpuMs[contender.name] = (cpuSeconds * 1000) / (result.requestsPerSecond * seconds);
      found.get(contender.name)?.push(result);
      report(
        `${question.title}, ${contender.name}: ${result.requestsPerSecond.toFixed(0)} requests/s, ` +
          `p50 ${result.p50Ms} ms, p99 ${result.p99Ms} ms`,
      );
    }
  }
  return {
    question,
    ours: medians(found.get('ours') ?? []),
    limit: isAskedOnce ? null : medians(found.get('limit') ?? []),
    firstMs,
    cpuMs,
  };
}

const COMPARED = 25;

/** @throws Error if one of our answers differs from the limit's. */
async function checkAnswers(
  question: Question,
  ours: Contender,
  limit: Contender,
): Promise<{ ours: number; limit: number }> {
  const first = { ours: 0, limit: 0 };
  for (const [index, variables] of question.variables.slice(0, COMPARED).entries()) {
    const timed = async (contender: Contender) => {
      const startedAt = performance.now();
      const text = await contender.ask(question, variables);
      if (index === 0) first[contender.name] = performance.now() - startedAt;
      return text;
    };
    const [left, right] = [await timed(ours), await timed(limit)];
    if (left !== right) {
      throw new Error(
        `${question.title}: the answers differ\n${left.slice(0, 2000)}\n${right.slice(0, 2000)}`,
      );
    }
  }
  return first;
}

function medians(results: readonly LoadResult[]): LoadResult {
  const of = (key: keyof LoadResult) => median(results.map((result) => result[key]));
  return { requestsPerSecond: of('requestsPerSecond'), p50Ms: of('p50Ms'), p99Ms: of('p99Ms') };
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
