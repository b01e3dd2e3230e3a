import { beforeAll, expect, test } from 'vitest';
import { defaultAccounts } from '../../devnet/actors.js';
import { deployOtherToken, deployReference } from '../../devnet/deploy.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { unfinishedIndexes } from '../support/databases/unfinishedIndexes.js';
import { type Anvil, startAnvil } from '../support/nodes/anvil.js';
import { proxyWithout } from '../support/nodes/rpcProxy.js';
import { oddNode } from '../support/nodes/testNode.js';
import { runCli } from '../support/programs/cli.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { writeConfig } from '../support/programs/writeConfig.js';

const NOT_A_CONTRACT = '0x00000000000000000000000000000000000000aa';

let anvil: Anvil;
let revenueToken: string;
let plainToken: string;
let halfToken: string;

beforeAll(async () => {
  anvil = await startAnvil();
  const [from = ''] = await defaultAccounts(anvil);
  const terms = { from, name: 'Token', symbol: 'TKN', supply: 1_000n };
  revenueToken = (await deployReference(anvil, { ...terms, percentClaimable: 80 })).address;
  plainToken = (await deployOtherToken(anvil, 'PlainToken', terms)).address;
  halfToken = (await deployOtherToken(anvil, 'HalfRevenueToken', terms)).address;
});

interface BadChain {
  readonly name: string;
  /** Of the config; the good values are the defaults. */
  readonly config: () => Promise<{ id?: number; rpc?: string; token?: string; policy?: string }>;
  readonly code: string;
  readonly says: () => readonly string[];
  readonly hint: string;
}

const BAD_CHAINS: readonly BadChain[] = [
  {
    name: 'an address without code',
    config: async () => ({ token: NOT_A_CONTRACT }),
    code: 'TOKEN_NOT_A_CONTRACT',
    says: () => ['0x00000000000000000000000000000000000000AA'],
    hint: 'Check the address',
  },
  {
    name: 'an ERC-20 without revenue functions',
    config: async () => ({ token: plainToken }),
    code: 'TOKEN_NO_POLICY',
    says: () => ['redeemableOnBurn(uint256) is missing'],
    hint: '',
  },
  {
    name: 'a token with only half of the functions',
    config: async () => ({ token: halfToken }),
    code: 'TOKEN_NO_POLICY',
    says: () => ['redeemableOnBurn(uint256) is missing'],
    hint: '',
  },
  {
    name: 'a policy that the contract does not have',
    config: async () => ({ policy: 'windowed' }),
    code: 'TOKEN_NO_POLICY',
    says: () => ['SNAPSHOT_CLAIMABLE_NUMBER()'],
    hint: '',
  },
  {
    name: 'an RPC that nobody serves',
    config: async () => ({ rpc: 'http://127.0.0.1:1/v3/s3cret' }),
    code: 'RPC_UNREACHABLE',
    says: () => ['http://127.0.0.1:1/…'],
    hint: 'rpc',
  },
  {
    name: 'an RPC of another chain',
    config: async () => ({ id: 1 }),
    code: 'CHAIN_ID_MISMATCH',
    says: () => [anvil.url, 'chain 31337', 'says 1'],
    hint: 'Correct `id` or `rpc`',
  },
  {
    name: 'an RPC without traces',
    config: async () => ({
      rpc: await proxyWithout(anvil.url, ['trace_block', 'debug_traceBlockByHash']),
    }),
    code: 'RPC_NO_TRACES',
    says: () => ['trace_block', 'debug_traceBlockByHash'],
    hint: 'archive node',
  },
  {
    name: 'a provider that does not take the key',
    config: async () => ({
      rpc: await refusing(401, 'invalid project id s3cret0123456789abcdef'),
    }),
    code: 'RPC_KEY_REFUSED',
    says: () => ['HTTP 401: invalid project id'],
    hint: 'environment variable',
  },
  {
    name: 'a key that has run out',
    config: async () => ({
      rpc: await refusing(
        429,
        'Monthly capacity limit exceeded. Visit https://a.b/s3cret to upgrade.',
      ),
    }),
    code: 'RPC_KEY_EXHAUSTED',
    says: () => ['Monthly capacity limit exceeded'],
    hint: 'Wait until the plan renews',
  },
  {
    name: 'a plan without traces',
    config: async () => ({
      rpc: await refusing(
        200,
        'this method is not available on the Free tier - upgrade',
        /^(trace|debug)_/,
      ),
    }),
    code: 'RPC_PLAN_EXCLUDES',
    says: () => ['does not include this in its plan', 'Free tier'],
    hint: 'Upgrade the plan',
  },
];

/** A provider that refuses some methods, or all, in its own words. */
async function refusing(status: number, message: string, methods = /./): Promise<string> {
  const node = await oddNode(anvil.url, async (call, ask) =>
    methods.test(call.method) ? { error: { code: -32000, message }, status } : ask(call),
  );
  return `${node.url}/v2/s3cret`;
}

test.each(BAD_CHAINS)('index refuses $name', async ({ config, code, says, hint }) => {
  const { id = 31_337, rpc = anvil.url, token = revenueToken, policy = 'auto' } = await config();
  const yaml = `chains: [{id: ${id}, rpc: '${rpc}', tokens: [{address: '${token}', policy: ${policy}}]}]`;
  const args = ['index', '--config', await writeConfig(yaml)];
  const { exitCode, stderr } = await runVerbHere(args, { DATABASE_URL: await freshDatabase() });
  expect(stderr).toContain(`error ${code}:`);
  for (const part of says()) expect(stderr).toContain(part);
  expect(stderr.split('\nhint: ')[1]).toContain(hint);
  expect(stderr).not.toContain('s3cret');
  expect(exitCode).toBe(1);
});

test('index --to-block ends with 0 when the block is committed and lists have their indexes, and status shows it', async () => {
  const env = { DATABASE_URL: await freshDatabase() };
  const chain = `{id: 31337, name: local, rpc: '${anvil.url}', tokens: [{address: '${revenueToken}'}]}`;
  const config = ['--config', await writeConfig(`chains: [${chain}]`)];
  const indexed = await runCli(['index', '--to-block', '2', ...config], { env });
  expect(indexed.stderr).toContain('local: block 2 of 2');
  expect(indexed.exitCode).toBe(0);
  expect(await query(env.DATABASE_URL, 'SELECT height FROM chain_cursor')).toEqual([{ height: 2 }]);
  expect(await unfinishedIndexes(env.DATABASE_URL)).toEqual([]);

  const status = await runVerbHere(['status', '--json', ...config], env);
  expect(JSON.parse(status.stdout)).toMatchObject([
    { chainId: 31_337, name: 'local', indexedBlock: 2, headBlock: 3, lagBlocks: 1, problem: null },
  ]);
  expect(status.exitCode).toBe(0);
});

test('status names a node that does not answer, and shows the rest', async () => {
  const yaml = `chains: [{id: 5, name: away, rpc: 'http://127.0.0.1:1/s3cret', tokens: [{address: '${revenueToken}'}]}]`;
  const args = ['status', '--config', await writeConfig(yaml)];
  const { exitCode, stdout } = await runVerbHere(args, { DATABASE_URL: await freshDatabase() });
  expect(stdout).toMatch(
    /^CHAIN +ID +INDEXED +TIME +HEAD +LAG +FINAL +AUDITED +MISMATCHES +HELD +HASHED +LEDGER HASH\naway +5 +– /,
  );
  expect(stdout).toContain('away: http://127.0.0.1:1/… did not answer');
  expect(stdout).not.toContain('s3cret');
  expect(exitCode).toBe(0);
});
