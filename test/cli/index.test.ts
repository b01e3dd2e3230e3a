import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { defaultAccounts } from '../../devnet/actors.js';
import { execute, mineBlock } from '../../devnet/chain.js';
import { type DeployedContract, deployReference, encodeCall } from '../../devnet/deploy.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { PostgresServer } from '../support/databases/postgresServer.js';
import { booksByAddress } from '../support/databases/sameBooks.js';
import { type Anvil, startAnvil } from '../support/nodes/anvil.js';
import { runCli, startCli, writeConfig } from '../support/programs/cli.js';

interface LocalChain {
  readonly name: string;
  readonly anvil: Anvil;
  readonly token: string;
}

let east: LocalChain;
let west: LocalChain;

beforeAll(async () => {
  [east, west] = await Promise.all([startChain('east', 1001), startChain('west', 1002)]);
});

async function startChain(name: string, chainId: number): Promise<LocalChain> {
  const anvil = await startAnvil({ chainId });
  const [from = ''] = await defaultAccounts(anvil);
  const terms = { name: 'Token', symbol: 'TKN', supply: 1_000n, percentClaimable: 80 };
  return { name, anvil, token: (await deployReference(anvil, { ...terms, from })).address };
}

function entry({ name, anvil, token }: LocalChain, rpc = anvil.url): string {
  return `{id: ${anvil.chainId}, name: ${name}, rpc: '${rpc}', tokens: [{address: '${token}'}]}`;
}

async function startIndex(entries: readonly string[], url?: string) {
  const databaseUrl = url ?? (await freshDatabase());
  const config = await writeConfig(`chains: [${entries.join(', ')}]`);
  const cli = startCli(['index', '--config', config], { env: { DATABASE_URL: databaseUrl } });
  return { cli, databaseUrl };
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  'index follows the chain until %s, then ends with 0',
  async (signal) => {
    const { cli, databaseUrl } = await startIndex([entry(east)]);
    await cli.waitFor(/east: block 1 of 1, 1 hits, 1 operations/);
    const { exitCode, stderr } = await cli.stop(signal);
    expect(stderr).not.toContain('error');
    expect(exitCode).toBe(0);
    expect(await query(databaseUrl, 'SELECT height FROM chain_cursor')).toEqual([{ height: 1 }]);
  },
);

test('the command waits for a server that is still starting, and says so', async () => {
  const server = await PostgresServer.create();
  try {
    const databaseUrl = await server.createDatabase('ledger');
    await server.kill('SIGINT');
    const { cli } = await startIndex([entry(east)], databaseUrl);
    await cli.waitFor(/does not answer: .*; waiting for it, 60 s at most/);
    await server.start();
    await cli.waitFor(/east: block 1 of 1, 1 hits, 1 operations/);
    expect((await cli.stop('SIGINT')).exitCode).toBe(0);
  } finally {
    await server.remove();
  }
});

test('several chains are indexed at once, each in a separate process', async () => {
  const { cli, databaseUrl } = await startIndex([entry(east), entry(west)]);
  await Promise.all([cli.waitFor(/east: block 1 of 1/), cli.waitFor(/west: block 1 of 1/)]);
  const { exitCode } = await cli.stop('SIGINT');
  expect(exitCode).toBe(0);
  const cursors = 'SELECT chain_id FROM chain_cursor ORDER BY chain_id';
  expect(await query(databaseUrl, cursors)).toEqual([{ chain_id: 1001 }, { chain_id: 1002 }]);
});

test('one chain that fails does not end the others, and is named at once and at the end', async () => {
  const { cli, databaseUrl } = await startIndex([entry(east), entry(west, east.anvil.url)]);
  await cli.waitFor(/\[west\] NOT INDEXED ANY MORE: .* imo-ledger index --config .* --chain 1002/);
  await cli.waitFor(/east: block 1 of 1/);
  await mineBlock(east.anvil);
  await cli.waitFor(/east: block 2 of 2/);
  const { exitCode, stderr } = await cli.stop('SIGINT');
  expect(await query(databaseUrl, 'SELECT chain_id, height FROM chain_cursor')).toEqual([
    { chain_id: 1001, height: 2 },
  ]);
  expect(stderr).toContain('[west] error CHAIN_ID_MISMATCH:');
  expect(stderr).toContain('error INDEXER_ENDED: the indexer of west ended with code 1');
  expect(exitCode).toBe(1);
});

/** Processes that another one has started, with their command lines. */
async function childrenOf(parent: number): Promise<{ pid: number; command: string }[]> {
  const found: { pid: number; command: string }[] = [];
  for (const name of await readdir('/proc')) {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    if (Number(/^\d+ \(.*\) \w (\d+)/.exec(stat)?.[1]) !== parent) continue;
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    found.push({ pid: Number(name), command: command.replaceAll('\0', ' ') });
  }
  return found;
}

test.runIf(process.platform === 'linux')(
  'run keeps one indexer for each chain and the servers running, and stops all of them',
  async () => {
    const databaseUrl = await freshDatabase();
    const config = await writeConfig(`chains: [${entry(east)}, ${entry(west)}]`);
    const args = ['run', '--config', config, '--port', '0', '--apis', '2'];
    const cli = startCli(args, { env: { DATABASE_URL: databaseUrl } });
    const [, url = ''] = await cli.waitFor(/\[api 1\] GraphQL API: (\S+)/);
    await Promise.all([
      cli.waitFor(/\[api 2\] GraphQL API/),
      cli.waitFor(/east: block \d+ of/),
      cli.waitFor(/west: block 1 of 1/),
    ]);
    const children = await childrenOf(cli.pid);
    const ofEast = children.filter(({ command }) => command.includes(' --chain 1001'));
    expect([children.length, ofEast.length]).toEqual([4, 1]);

    process.kill(ofEast[0]?.pid ?? 0, 'SIGKILL');
    await mineBlock(east.anvil);
    await cli.waitFor(
      /\[east\] the indexer of east ended with SIGKILL; it starts again in 1 s[\s\S]*east: block/,
    );
    const query = encodeURIComponent('{ tokens { totalCount } }');
    const answer = await fetch(`${url}?query=${query}`);
    expect((await answer.json()).data).toEqual({ tokens: { totalCount: 2 } });

    const { exitCode, stdout, stderr } = await cli.stop('SIGTERM');
    expect(exitCode).toBe(0);
    const alive = children.filter(({ pid }) => existsSync(`/proc/${pid}`));
    expect(alive).toEqual([]);
    expect(stdout + stderr).not.toContain(new URL(databaseUrl).password);
  },
);

test.runIf(process.platform === 'linux')(
  'run keeps an indexer for each group of contracts, and the kill of one loses and changes no row',
  async () => {
    const { anvil, token } = west;
    const [from = '', friend = ''] = await defaultAccounts(anvil);
    const terms = { name: 'Second', symbol: 'TWO', supply: 1_000n, percentClaimable: 80 };
    const second = await deployReference(anvil, { ...terms, from });
    const move = ({ address }: Pick<DeployedContract, 'address'>) => {
      const data = encodeCall(second, 'transfer', [friend, 7n]);
      return execute(anvil, { from, to: address, data });
    };
    const chain = (more: string) =>
      `chains: [{id: 1002, name: west, rpc: '${anvil.url}', headPollSeconds: 0.1, audit: false, ` +
      `tokens: [{address: '${token}'}, {address: '${second.address}'}]${more}}]`;
    const databaseUrl = await freshDatabase();
    const groups = `, groups: [{name: second, contracts: ['${second.address}']}]`;
    const config = await writeConfig(chain(groups));
    const env = { DATABASE_URL: databaseUrl };
    const cli = startCli(['run', '--config', config, '--apis', '0'], { env });
    await cli.waitFor(/west: block 2 of 2, 2 hits, 2 operations/);

    const children = await childrenOf(cli.pid);
    const ofSecond = children.filter(({ command }) => command.includes(' --group second'));
    expect([children.length, ofSecond.length]).toEqual([2, 1]);
    process.kill(ofSecond[0]?.pid ?? 0, 'SIGKILL');
    await move({ address: token });
    await move(second);
    await cli.waitFor(
      /\[west\/second\] the indexer of west\/second ended with SIGKILL; it starts again in 1 s/,
    );
    await cli.waitFor(/west: block 4 of 4/);
    const { stdout } = await runCli(['status', '--config', config], { env });
    expect(stdout).toContain('west: group main has indexed block 4, lag 0 (contracts: 1)');
    expect(stdout).toContain('west: group second has indexed block 4, lag 0 (contracts: 1)');
    const planned = (await runCli(['plan', '--config', config], { env })).stdout;
    expect(planned).toContain('  group second (contracts: 1): indexed to block 4\n');
    expect((await cli.stop('SIGTERM')).exitCode).toBe(0);

    const whole = await freshDatabase();
    const alone = ['index', '--to-block', '4', '--config', await writeConfig(chain(''))];
    expect((await runCli(alone, { env: { DATABASE_URL: whole } })).exitCode).toBe(0);
    // What follows the head notes how far it has hashed: no block is final yet.
    const expected = { ...(await booksByAddress(whole)), hash_cursor: [] };
    expect({ ...(await booksByAddress(databaseUrl)), hash_cursor: [] }).toEqual(expected);
  },
);
