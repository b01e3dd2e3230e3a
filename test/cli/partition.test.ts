import { beforeAll, expect, test } from 'vitest';
import { SeededRandom } from '../../devnet/random.js';
import { checksummed } from '../../src/address.js';
import { connectClient } from '../../src/store/database/postgres.js';
import { partitionTables } from '../../src/store/partitions/partitionTables.js';
import { openScenario, REFERENCE, WINDOWED } from '../store/read/scenario.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { StatementProxy } from '../support/databases/statementProxy.js';
import { dumpTables } from '../support/databases/tables.js';
import { eventually } from '../support/eventually.js';
import { startCli } from '../support/programs/cli.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { writeConfig } from '../support/programs/writeConfig.js';

const [WIN, REF] = [checksummed(WINDOWED), checksummed(REFERENCE)];
const CONFIG = `chains:
  - {id: 1, rpc: "http://127.0.0.1:1", tokens: [{address: '${WIN}'}, {address: '${REF}'}]}
  - {id: 2, rpc: "http://127.0.0.1:1", tokens: [{address: '${WIN}'}]}`;

let databaseUrl: string;
let config: string;
/** Rows of every table before anything was partitioned. */
let before: unknown;

const run = (...args: string[]) =>
  runVerbHere(['partition', ...args, '--config', config], { DATABASE_URL: databaseUrl });

async function jsonOf(...args: string[]): Promise<unknown> {
  const { exitCode, stdout, stderr } = await run(...args, '--json');
  expect([exitCode, stderr.replaceAll(/^note: .*\n/gm, '')]).toEqual([0, '']);
  return JSON.parse(stdout);
}

const archive = (address: string, block: string) =>
  query(
    databaseUrl,
    `UPDATE token SET archived_block = ${block} WHERE chain_id = 1 AND address = '\\x${address.slice(2)}'`,
  );

/** All rows, but for how the tables are divided. */
async function books(url = databaseUrl): Promise<unknown> {
  const { partition_layout: _, ...rest } = await dumpTables(url);
  return rest;
}

/** All tables with their partitions, and what is left outside of them. */
const tablesOf = (url: string) =>
  query(
    url,
    `SELECT c.relname, c.relkind, pg_get_expr(c.relpartbound, c.oid) AS bound FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1`,
  );

/** Waits until the server has noticed that a process ended. */
const sessionsEnd = (url: string) =>
  eventually(async () =>
    expect(
      await query(
        url,
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'imo-ledger%'`,
      ),
    ).toEqual([]),
  );

beforeAll(async () => {
  databaseUrl = await freshDatabase();
  await (await openScenario(databaseUrl)).close();
  before = await books();
  config = await writeConfig(CONFIG);
  await partitionTables(databaseUrl, {
    numbersEach: 8,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onWaiting: () => undefined,
  });
});

test.each([
  ['without a token', ['move', '--alone'], 'PARTITION_TOKEN_MISSING', '--chain ID'],
  ['of a chain to nowhere', ['move', '--chain', '1'], 'PARTITION_MOVE_WHERE', 'chain 1'],
  ['of a token to nowhere', ['move', WIN, '--chain', '1'], 'PARTITION_MOVE_WHERE', WIN],
  ['without the chain of a token', ['move', WIN, '--alone'], 'CHAIN_NOT_CHOSEN', '1, 2'],
  [
    'to an unknown disk',
    ['move', '--chain', '1', '--alone', '--tablespace', 'x'],
    'TABLESPACE_UNKNOWN',
    'pg_default',
  ],
  [
    'of partitions with other tokens',
    ['move', '--chain', '1', '--tablespace', 'pg_default'],
    'PARTITION_SHARED',
    '--alone',
  ],
  ['of books that continue', ['detach', '--chain', '1'], 'DETACH_NOT_ARCHIVED', 'all 2'],
  ['of what is not detached', ['attach', '--chain', '1'], 'NOT_DETACHED', 'chain 1'],
])('a change %s is refused, and changes nothing', async (_, args, code, text) => {
  const { exitCode, stdout, stderr } = await run(...args);
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toContain(`error ${code}: `);
  expect(stderr).toContain(text);
  expect(await books()).toEqual(before);
});

test('a chain is moved to another disk, and tokens of other chains stay where they are', async () => {
  const client = await connectClient({ connectionString: databaseUrl });
  await client.query('SET allow_in_place_tablespaces = on');
  await client.query("CREATE TABLESPACE archive_1 LOCATION ''");
  await client.end();
  const where = ['move', '--chain', '1', '--alone', '--tablespace', 'archive_1'];
  expect(await jsonOf(...where)).toEqual({ chainId: 1, addresses: [WIN, REF], replaced: 8 });
  expect(await jsonOf(...where), 'nothing is left to do').toMatchObject({ replaced: 0 });
  expect(await books()).toEqual(before);

  const list = await run('list');
  expect(list.stdout.split('\n').map((line) => line.split(/ {2,}/))).toMatchObject([
    ['numbers', 'tables', 'rows', 'MB', 'tablespace', 'tokens'],
    ['1', '8', '19', expect.anything(), 'archive_1', WIN],
    ['2', '8', '9', expect.anything(), 'archive_1', REF],
    ['3-8', '8', '4', expect.anything(), 'default', WIN],
    [''],
  ]);
});

test('the archived tokens of a chain are detached, and attached again', async () => {
  await archive(REF, '46');
  const archived = await books();
  const done = await run('detach', '--chain', '1');
  expect(done.stdout).toMatch(
    new RegExp(
      `^${REF} is detached: 9 rows in 8 tables, transfer_p2, .*\\nnot detached: ${WIN}; the books continue\\n$`,
    ),
  );
  expect(await jsonOf('list')).toMatchObject({
    tokens: [{ number: 1 }, { number: 3 }],
    detached: [{ chainId: 1, number: 2, archivedBlock: 46 }],
  });
  expect((await run('list')).stdout).toContain(`detached: ${REF} on chain 1 since 2`);
  const attached = await jsonOf('attach', '--chain', '1');
  expect(attached).toMatchObject({
    chainId: 1,
    action: 'attach',
    continuing: [],
    tokens: [{ address: REF }],
  });
  expect(await books()).toEqual(archived);
});

test('a token that cannot be attached keeps no other of its chain from it', async () => {
  await archive(WIN, '50');
  const archived = await books();
  expect(await jsonOf('detach', '--chain', '1')).toMatchObject({
    tokens: [{ address: WIN }, { address: REF }],
  });
  // A reorg, since then, below the end of one of them.
  await query(
    databaseUrl,
    `INSERT INTO chain_reorg (chain_id, number, fork_height, old_head, old_head_hash, rows_taken_back, handled_at)
     VALUES (1, 1, 48, 55, '\\x55', 0, now())`,
  );
  const { exitCode, stdout, stderr } = await run('attach', '--chain', '1');
  expect(exitCode).toBe(1);
  expect(stdout).toContain(`${REF} is attached`);
  expect(stderr).toContain('error ATTACH_FORKED: the chain has other blocks from 49 on');
  await query(databaseUrl, 'DELETE FROM chain_reorg');
  expect(await jsonOf('attach', WIN, '--chain', '1')).toMatchObject({ address: WIN });
  expect(await books()).toEqual(archived);
});

test('a command that was killed at any statement is run again, and no row is lost or there twice', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = new SeededRandom(seed);
  const [whole, killed] = [await freshDatabase(), await freshDatabase()];
  for (const url of [whole, killed]) {
    await (await openScenario(url)).close();
    await query(url, 'UPDATE token SET archived_block = 46 WHERE number = 2');
  }
  const proxy = await StatementProxy.start(Number(new URL(whole).port));
  const verbs = [
    ['migrate', '--partitions', '8'],
    ...['move --alone', 'detach', 'attach'].map((verb) => [
      'partition',
      ...verb.split(' '),
      '--chain',
      '1',
    ]),
  ];
  for (const verb of verbs) {
    const args = [...verb, '--config', config];
    const earlier = await books(whole);
    proxy.count();
    const { exitCode } = await runVerbHere(args, { DATABASE_URL: proxy.through(whole) });
    const statement = random.integer(1, proxy.statements);
    const about = `seed ${seed}: ${verb.join(' ')} killed at statement ${statement} of ${proxy.statements}`;
    expect(exitCode, about).toBe(0);

    const isReached = proxy.holdAt(statement);
    const running = startCli(args, { env: { DATABASE_URL: proxy.through(killed) } });
    await Promise.race([isReached, running.ended]);
    await running.stop('SIGKILL');
    proxy.count();
    await sessionsEnd(killed);
    const later = await books(whole);
    expect([earlier, later], about).toContainEqual(await books(killed));
    // It has nothing left to do if the killed one was complete.
    await runVerbHere(args, { DATABASE_URL: killed });
    expect(await books(killed), about).toEqual(later);
    expect(await tablesOf(killed), about).toEqual(await tablesOf(whole));
  }
  await proxy.stop();
});
