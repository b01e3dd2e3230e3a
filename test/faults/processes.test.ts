import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startCli, writeConfig } from '../support/cli.js';
import { indexTo } from '../support/indexer.js';
import { liveToken, payToken } from '../support/livedToken.js';
import { freshDatabase, query } from '../support/postgres.js';
import { dumpTables } from '../support/tables.js';

async function startLife() {
  const lived = await liveToken(1);
  const { url, chainId } = lived.chain;
  const config = await writeConfig(
    `chains: [{id: ${chainId}, name: devnet, rpc: '${url}', finality: 10, headPollSeconds: 0.1, ` +
      `tokens: [{address: '${lived.tokens[0]}'}]}]`,
  );
  const databaseUrl = await freshDatabase();
  const env = { DATABASE_URL: databaseUrl };
  return { lived, databaseUrl, index: () => startCli(['index', '--config', config], { env }) };
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

test('a second processor on the same database refuses; a killed one is no obstacle', async () => {
  const { lived, databaseUrl, index } = await startLife();
  const first = index();
  await indexedTo(databaseUrl, 11);
  const second = await index().ended;
  expect(second.exitCode).toBe(1);
  expect(second.stderr).toContain('error CHAIN_LOCKED: another processor is indexing chain 31337');
  expect(second.stderr).toContain('Stop the other one first');

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
