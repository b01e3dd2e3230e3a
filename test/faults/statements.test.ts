import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { latestBlock } from '../../devnet/chain.js';
import { SeededRandom } from '../../devnet/random.js';
import type { RunningApi } from '../../src/api/server.js';
import { runIndexer } from '../../src/processor/run.js';
import { ask, loggerInto, startTestApi } from '../api/support.js';
import { emptyDatabase, freshDatabase, query, serverUrl } from '../support/databases/postgres.js';
import { BREAKS, type Break, StatementProxy } from '../support/databases/statementProxy.js';
import { dumpTables } from '../support/databases/tables.js';
import { chainConfig } from '../support/programs/indexer.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { AuditScene, liveThrough } from '../support/scenes/auditScene.js';
import { Scene } from '../support/scenes/scene.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

/**
 * Connections to the database are reset (TCP RST) at their statements: before the server gets
 * one, in the middle of its answer, or right after it. `EVERY_BREAK=1` breaks at each statement, in
 * these ways by turns; `EVERY_BREAK=all` breaks at each statement in all of them. Otherwise some
 * are drawn. The seed (`BREAK_SEED`), which a failure names, decides what is drawn and the first turn.
 */
const EVERY = ['1', 'all'].includes(process.env.EVERY_BREAK ?? '');
const SEED = Number(process.env.BREAK_SEED ?? 7641);
/** Nothing here takes so long unless it hangs. */
const HANGS_AFTER_MS = 120_000;
/** For all breaks; a few of them take seconds. */
const LONG_MS = EVERY ? 3_600_000 : 180_000;
const HINTED = /^error DATABASE_(LOST|DOWN): .+\nhint: .+\n/m;

interface Point {
  readonly statement: number;
  readonly how: Break;
}

let proxy: StatementProxy;
let scene: Scene;
let desk: AuditScene;
let throughProxy: string;
let folder: string;
const running: RunningApi[] = [];
const surprises: string[] = [];
const note = (error: unknown) =>
  surprises.push(error instanceof Error ? `${error.stack}` : `${error}`);

beforeAll(async () => {
  process.setMaxListeners(0);
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  proxy = await StatementProxy.start(Number(new URL(serverUrl()).port));
  scene = await Scene.start();
  await liveThrough(scene);
  desk = await AuditScene.open(scene.chain, [scene.token.address]);
  throughProxy = proxy.through(desk.databaseUrl);
  folder = await temporaryFolder();
});

afterEach(() => {
  expect(surprises.splice(0)).toEqual([]);
});

afterAll(async () => {
  for (const api of running) await api.close();
  await proxy.stop();
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);
});

/** Where to break a command of so many statements: at most `most` points unless all are wanted. */
function pointsOf(name: string, statements: number, most = Number.POSITIVE_INFINITY): Point[] {
  const random = new SeededRandom(`${name} ${SEED}`);
  const all = Array.from({ length: statements }, (_, index) => index + 1);
  if (EVERY) {
    process.stderr.write(`${name}: ${statements} statements\n`);
    return all.flatMap((statement) => breaksAt(statement).map((how) => ({ statement, how })));
  }
  const chosen = random.shuffled(all).slice(0, most);
  return chosen.map((statement) => ({ statement, how: random.pick([...BREAKS]) }));
}

/** One way for each statement, in turn from the seed on; with `EVERY_BREAK=all` all of them. */
function breaksAt(statement: number): readonly Break[] {
  if (process.env.EVERY_BREAK === 'all') return BREAKS;
  const how = BREAKS[(statement + SEED) % BREAKS.length];
  return how === undefined ? [] : [how];
}

/** Runs something with a connection broken at one point; a hang fails with the point. */
async function broken<T>({ statement, how }: Point, run: () => Promise<T>): Promise<T> {
  proxy.breakAt(statement, how);
  const startedAt = performance.now();
  const isHanging = new AbortController();
  const about = () => `seed ${SEED}, statement ${statement}: ${proxy.broken ?? `not ${how}`}`;
  const hang = delay(HANGS_AFTER_MS, null, { signal: isHanging.signal, ref: false }).then(
    () => Promise.reject(new Error(`it hangs; ${about()}`)),
    () => new Promise<never>(() => undefined),
  );
  try {
    const result = await Promise.race([run(), hang]);
    // What breaks late is reported late.
    await new Promise((resolve) => setImmediate(resolve));
    expect(surprises, about()).toEqual([]);
    return result;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}; ${about()}`, {
      cause: error,
    });
  } finally {
    isHanging.abort();
    if (EVERY)
      process.stderr.write(`  ${about()}: ${Math.round(performance.now() - startedAt)} ms\n`);
    proxy.count();
  }
}

/** Statements of a run that nothing disturbs. */
async function statementsOf(run: () => Promise<unknown>): Promise<number> {
  proxy.count();
  await run();
  return proxy.statements;
}

/** Takes statements of several kinds. */
const overview = () => `{
  status { chainId indexed { block } }
  tokens { nodes { address name } }
  holders(chainId: ${scene.chain.chainId}, token: "${scene.token.address}") { nodes { address } }
}`;

const READERS: readonly (readonly [name: string, args: () => readonly string[]])[] = [
  ['export holders', () => ['export', 'holders', '--out', join(folder, 'holders.csv')]],
  [
    'export entitlements',
    () => [
      'export',
      'entitlements',
      '--format',
      'jsonl',
      '--out',
      join(folder, 'entitlements.jsonl'),
    ],
  ],
  [
    'audit',
    () => ['audit', '--config', desk.config, '--state', folder, '--rate', '100000', '--json'],
  ],
  ['status', () => ['status', '--config', desk.config, '--json']],
  ['statement', () => ['statement', scene.friend, '--format', 'json']],
  ['prove', () => ['prove', '--config', desk.config]],
];

test.each(READERS)(
  '`%s` whose connection breaks at any statement ends with a code and a hint',
  async (name, args) => {
    const run = () => runVerbHere(args(), { DATABASE_URL: throughProxy });
    const undisturbed = await run();
    expect(undisturbed).toMatchObject({ exitCode: 0 });
    for (const point of pointsOf(name, await statementsOf(run), 8)) {
      const { exitCode, stderr } = await broken(point, run);
      if (exitCode !== 0) expect(stderr, JSON.stringify(point)).toMatch(HINTED);
    }
    const again = await run();
    expect(again).toMatchObject({ exitCode: 0 });
    expect(withoutTimes(again.stdout)).toBe(withoutTimes(undisturbed.stdout));
  },
  LONG_MS,
);

test(
  '`migrate` whose connection breaks at any statement ends with a code, and the next one completes it',
  async () => {
    const migrate = (url: string) => runVerbHere(['migrate'], { DATABASE_URL: url });
    const first = await emptyDatabase();
    const statements = await statementsOf(() => migrate(proxy.through(first)));
    const wanted = await columnsOf(first);
    for (const point of pointsOf('migrate', statements, 3)) {
      const url = await emptyDatabase();
      const { exitCode, stderr } = await broken(point, () => migrate(proxy.through(url)));
      if (exitCode !== 0) expect(stderr, JSON.stringify(point)).toMatch(HINTED);
      expect(await migrate(url)).toMatchObject({ exitCode: 0 });
      expect(await columnsOf(url)).toEqual(wanted);
    }
  },
  LONG_MS,
);

test(
  '`index` continues after its connection breaks at any statement, with complete books',
  async () => {
    const { number: head } = await latestBlock(scene.chain);
    const index = (url: string) =>
      runVerbHere(['index', '--config', desk.config, '--to-block', String(head)], {
        DATABASE_URL: url,
      });
    const first = await freshDatabase();
    const statements = await statementsOf(() => index(proxy.through(first)));
    const wanted = await dumpTables(first);
    for (const point of pointsOf('index', statements, 3)) {
      const url = await freshDatabase();
      const { exitCode, stderr } = await broken(point, () => index(proxy.through(url)));
      expect(exitCode, `${JSON.stringify(point)} ${stderr}`).toBe(0);
      expect(await dumpTables(url)).toEqual(wanted);
    }
  },
  LONG_MS,
);

test(
  'an index that follows the chain with audits and proofs survives a break at any statement',
  async () => {
    const first = await freshDatabase();
    const statements = await statementsOf(() => followToHead(first));
    const wanted = await dumpTables(first);
    for (const point of pointsOf('follow', statements, 3)) {
      const url = await freshDatabase();
      await broken(point, () => followToHead(url));
      expect(await dumpTables(url)).toEqual(wanted);
    }
  },
  LONG_MS,
);

test(
  'a server whose connections break at any statement answers with a code, and answers the next time',
  async () => {
    const api = await startTestApi(throughProxy, { logger: loggerInto([]) });
    running.push(api);
    const answer = () => ask(api, overview());
    const { data: wanted, errors: faults } = await answer();
    expect(faults).toBeUndefined();
    for (const point of pointsOf('serve', await statementsOf(answer), 12)) {
      const { data, errors = [] } = await broken(point, answer);
      if (errors.length === 0) expect(data).toEqual(wanted);
      for (const { extensions } of errors) {
        expect(extensions.code, JSON.stringify(point)).toMatch(/^DATABASE_/);
        expect(extensions.hint).toMatch(/./);
      }
      expect((await answer()).data).toEqual(wanted);
    }
  },
  LONG_MS,
);

/** Follows the chain until all is indexed, audited and proven, or something was broken. */
async function followToHead(databaseUrl: string): Promise<void> {
  const stopping = new AbortController();
  const { number: head } = await latestBlock(scene.chain);
  const running = runIndexer({
    chain: chainConfig({
      chain: scene.chain,
      databaseUrl,
      tokens: [scene.token.address],
      finality: 2,
      audit: { holdersPerBlock: 2, everyBlocks: 1, callsPerSecond: 5000 },
    }),
    databaseUrl: proxy.through(databaseUrl),
    toBlock: null,
    onProgress: () => undefined,
    signal: stopping.signal,
  });
  const isDone = async () => {
    const [row] = await query<{ indexed: number; done: boolean }>(
      databaseUrl,
      `SELECT (SELECT max(height) FROM chain_cursor) AS indexed,
         (SELECT count(*) FROM audit_progress) > 0 AND (SELECT count(*) FROM ledger_hash) > 0
           AS done`,
    );
    return row?.indexed === head && (row.done || proxy.broken !== null);
  };
  const ended = running.then(() => true);
  while (!(await isDone())) {
    if (await Promise.race([ended, delay(20, false)])) throw new Error('it ended by itself');
  }
  stopping.abort();
  await running;
}

function withoutTimes(text: string): string {
  return text.replace(/"seconds": [^,\n]+/g, '');
}

async function columnsOf(url: string): Promise<readonly string[]> {
  const rows = await query<{ line: string }>(
    url,
    `SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable) AS line
     FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1`,
  );
  return rows.map(({ line }) => line);
}
