import { chmod, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { connectClient } from '../../src/store/database/postgres.js';
import { openEmbedded } from '../../src/store/embedded/embedded.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { countRows, dumpTables } from '../support/databases/tables.js';
import { unfinishedIndexes } from '../support/databases/unfinishedIndexes.js';
import { eventually } from '../support/eventually.js';
import { startCli, writeConfig } from '../support/programs/cli.js';
import { indexTo } from '../support/programs/indexer.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { liveToken, payToken } from '../support/scenes/livedToken.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

async function startLife() {
  const lived = await liveToken(1);
  const { url, chainId } = lived.chain;
  const configPath = await writeConfig(
    `chains: [{id: ${chainId}, name: devnet, rpc: '${url}', finality: 10, headPollSeconds: 0.1, ` +
      `tokens: [{address: '${lived.tokens[0]}'}]}]`,
  );
  const databaseUrl = await freshDatabase();
  const env = { DATABASE_URL: databaseUrl };
  const index = () => startCli(['index', '--config', configPath], { env });
  return { lived, databaseUrl, configPath, index };
}

async function indexedTo(databaseUrl: string, block: number): Promise<void> {
  for (;;) {
    const [cursor] = await query<{ height: number }>(
      databaseUrl,
      'SELECT height FROM chain_cursor',
    );
    if (cursor?.height === block) return;
    await delay(20);
  }
}

test('a second processor on the same database refuses; a killed one does not block it', async () => {
  const { lived, databaseUrl, index } = await startLife();
  const first = index();
  await indexedTo(databaseUrl, 11);
  const second = await index().ended;
  expect(second.exitCode).toBe(1);
  expect(second.stderr).toContain('error CHAIN_LOCKED: another process is indexing chain 31337');
  expect(second.stderr).toContain('Stop the other process first');

  await payToken(lived);
  await indexedTo(databaseUrl, 12);
  await first.stop('SIGKILL');
  await payToken(lived);
  const third = index();
  await indexedTo(databaseUrl, 13);
  expect((await third.stop()).exitCode).toBe(0);

  const fresh = await freshDatabase();
  await indexTo({ ...lived, databaseUrl: fresh });
  expect(await dumpTables(databaseUrl)).toEqual(await dumpTables(fresh));
});

test('an indexer that is killed in the middle of a backfill or of an index loses nothing: the next one finishes both', async () => {
  const { lived, databaseUrl, configPath, index } = await startLife();
  const other = await connectClient({ connectionString: databaseUrl });
  /** Kills an indexer as soon as it waits for the other session. */
  const killWhen = async (isWaiting: () => Promise<void>) => {
    const cli = index();
    await eventually(isWaiting);
    await cli.stop('SIGKILL');
    // The server notices that its client is gone.
    await other.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'CREATE INDEX%'`,
    );
    await other.query('COMMIT');
  };
  try {
    await other.query('BEGIN; LOCK TABLE chain_cursor IN EXCLUSIVE MODE');
    await killWhen(async () => {
      const { rows } = await other.query(
        "SELECT FROM pg_locks WHERE relation = 'chain_cursor'::regclass AND NOT granted",
      );
      expect(rows).toHaveLength(1);
    });
    expect(await countRows(databaseUrl)).toMatchObject({ transfer: 0, chain_cursor: 0 });

    // An index waits for transactions that may still read the older state.
    const halfMade = (name?: string) => async () => {
      const [first] = (await unfinishedIndexes(databaseUrl)).filter(({ exists }) => exists);
      expect(first).toMatchObject(name === undefined ? {} : { name });
    };
    const readOn = 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM transfer';
    await other.query(readOn);
    await killWhen(halfMade());
    const notBegun = { name: 'holder_by_balance', exists: false };
    const without = ['index', '--config', configPath, '--to-block', '11', '--no-indexes'];
    await runVerbHere(without, { DATABASE_URL: databaseUrl });
    expect(await unfinishedIndexes(databaseUrl)).toContainEqual(notBegun);
    await halfMade()();
    await runVerbHere(['index', '--config', configPath, '--to-block', '11'], {
      DATABASE_URL: databaseUrl,
    });
    expect(await unfinishedIndexes(databaseUrl)).toEqual([]);

    await other.query('DROP INDEX holder_by_balance');
    await other.query(readOn);
    await killWhen(halfMade('holder_by_balance'));
    const half = { name: 'holder_by_balance', exists: true };
    expect(await unfinishedIndexes(databaseUrl)).toEqual([half]);
    await runVerbHere(['index', '--config', configPath, '--to-block', '11'], {
      DATABASE_URL: databaseUrl,
    });
    expect(await unfinishedIndexes(databaseUrl)).toEqual([]);
  } finally {
    await other.end();
  }
  const fresh = await freshDatabase();
  await indexTo({ ...lived, databaseUrl: fresh });
  expect(await dumpTables(databaseUrl)).toEqual(await dumpTables(fresh));
});

/** The server on a data folder, by its own file. */
async function serverOf(folder: string) {
  const about = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8');
  const [pid, , , port] = about.split('\n');
  return { pid, port };
}

test('an embedded server that is killed is started again by the indexer that uses it', async () => {
  const { lived, configPath } = await startLife();
  const folder = join(await temporaryFolder(), 'postgres');
  await chmod(dirname(folder), 0o755);
  const cli = startCli(['index', '--config', configPath], { env: { IMO_LEDGER_DATA: folder } });
  await cli.waitFor(/block 11 of 11/);
  const { pid, port } = await serverOf(folder);
  process.kill(Number(pid), 'SIGKILL');
  await payToken(lived);
  await cli.waitFor(/the connection to the database was lost/);
  // Opening it would start it too, so another server has to be there before.
  await eventually(async () => expect(await serverOf(folder)).not.toMatchObject({ pid }));
  const database = await openEmbedded({ folder });
  expect(new URL(database.url).port).toBe(port);
  await indexedTo(database.url, 12);
  expect((await cli.stop()).exitCode).toBe(0);
  const fresh = await freshDatabase();
  await indexTo({ ...lived, databaseUrl: fresh });
  expect(await dumpTables(database.url)).toEqual(await dumpTables(fresh));
  await database.close();
});

test('an API that is killed leaves nothing behind: the next one answers at once', async () => {
  const { lived, databaseUrl, configPath } = await startLife();
  await indexTo({ ...lived, databaseUrl });
  const serve = () =>
    startCli(['serve', '--config', configPath, '--port', '0'], {
      env: { DATABASE_URL: databaseUrl },
    });
  const first = serve();
  await first.waitFor(/GraphQL API: (\S+)/);
  await first.stop('SIGKILL');
  const second = serve();
  const [, url = ''] = await second.waitFor(/GraphQL API: (\S+)/);
  const response = await fetch(`${url}?query={tokens{totalCount}}`);
  expect(await response.json()).toEqual({ data: { tokens: { totalCount: 1 } } });
  await second.stop();
});
