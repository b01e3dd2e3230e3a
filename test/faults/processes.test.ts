import { chmod, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openEmbedded } from '../../src/store/embedded/embedded.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { dumpTables } from '../support/databases/tables.js';
import { eventually } from '../support/eventually.js';
import { startCli, writeConfig } from '../support/programs/cli.js';
import { indexTo } from '../support/programs/indexer.js';
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
