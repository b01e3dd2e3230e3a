import { expect, test } from 'vitest';
import { freshDatabase } from '../support/databases/postgres.js';
import { startCli, writeConfig } from '../support/programs/cli.js';

const CONFIG = `chains: [{id: 1, rpc: 'http://127.0.0.1:1', tokens: [{address: '0x${'ab'.repeat(20)}'}]}]`;

const WRITABLE =
  'the database role of this server may write: only the settings of its sessions keep it from it';

test.each(['SIGINT', 'SIGTERM'] as const)(
  'serve answers until %s, then ends with 0',
  async (signal) => {
    const serve = startCli(['serve', '--config', await writeConfig(CONFIG)], {
      env: { DATABASE_URL: await freshDatabase(), PORT: '0' },
    });
    const [, url = ''] = await serve.waitFor(/GraphQL API: (http:\S+)/);
    const answer = await fetch(`${url}?query={__typename}`, {
      headers: { accept: 'application/json' },
    });
    expect(await answer.json()).toEqual({ data: { __typename: 'Query' } });
    const { exitCode, stderr } = await serve.stop(signal);
    const told = stderr
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).msg);
    // The role of the test may write, and the log warns only of that.
    expect({ exitCode, told: told.filter((message) => message !== WRITABLE) }).toEqual({
      exitCode: 0,
      told: [],
    });
  },
);
