import { getCreateAddress, Transaction, Wallet } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mineBlocks } from '../../../devnet/chain.js';
import { deployRouter } from '../../../devnet/deploy.js';
import type { Address } from '../../../src/address.js';
import { ACCOUNTS_AT_ONCE, readAccountCodes } from '../../../src/chain/accounts/codeReader.js';
import { ChainNode } from '../../../src/chain/node.js';
import { connectClient } from '../../../src/store/database/postgres.js';
import { writeAccountCodes } from '../../../src/store/write/accountCodes.js';
import { rollbackAbove } from '../../../src/store/write/rollback.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { eventually } from '../../support/eventually.js';
import { faultyProxy, proxyWithout } from '../../support/nodes/rpcProxy.js';
import { follow, indexTo } from '../../support/programs/indexer.js';
import { lookAtAccounts } from '../../support/programs/lookAtAccounts.js';
import { Scene } from '../../support/scenes/scene.js';

let scene: Scene;
let databaseUrl: string;
/** A person whose account lends itself the code of a contract. */
const delegator = Wallet.createRandom();
const delegated = delegator.address.toLowerCase() as Address;
/** The first contract that the friend will deploy. */
let foreseen: Address;

beforeAll(async () => {
  scene = await Scene.start('RevShareWindowedSeconds', 'prague');
  const { chain, founder, friend, router, token } = scene;
  await delegate();
  foreseen = await nextContractOf(friend);
  for (const to of [friend, router.address, delegated, foreseen]) {
    await scene.call(founder, 'transfer', [to, 10n]);
  }
  databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens: [token.address] });
});

afterAll(() => scene.chain.stop());

/** Sends a transaction of EIP-7702: the delegator's account gets the code of the router. */
async function delegate(): Promise<void> {
  const { chain, router } = scene;
  const { address } = delegator;
  await chain.rpc.call('anvil_setBalance', [address, `0x${(10n ** 18n).toString(16)}`]);
  const authorization = await delegator.authorize({
    address: router.address,
    chainId: chain.chainId,
    nonce: 1,
  });
  const signed = await delegator.signTransaction(
    Transaction.from({
      type: 4,
      chainId: chain.chainId,
      nonce: 0,
      to: address,
      gasLimit: 200_000n,
      maxFeePerGas: 10n ** 10n,
      maxPriorityFeePerGas: 1n,
      authorizationList: [authorization],
    }),
  );
  await chain.rpc.call('eth_sendRawTransaction', [signed]);
  await mineBlocks(chain, 1);
}

async function nextContractOf(creator: string): Promise<Address> {
  const nonce = Number(
    await scene.chain.rpc.call<string>('eth_getTransactionCount', [creator, 'latest']),
  );
  return getCreateAddress({ from: creator, nonce }).toLowerCase() as Address;
}

/** What is on record, by address. */
async function codes(url = databaseUrl): Promise<Record<string, string | null>> {
  const rows = await query<{ address: string; code: string | null }>(
    url,
    `SELECT '0x' || encode(address, 'hex') AS address, code FROM account_code`,
  );
  return Object.fromEntries(rows.map(({ address, code }) => [address, code]));
}

/** Lets a keeper look once at the newest block of the database. */
const look = (rpcUrl = scene.chain.url, url = databaseUrl) =>
  lookAtAccounts(scene.chain, url, rpcUrl);

test('one call distinguishes accounts of people, contracts and delegations, and so does a call for each', async () => {
  const { chain, founder, friend, router, token } = scene;
  const accounts = [founder, friend, router.address, token.address, delegated, foreseen].map(
    (account) => account.toLowerCase() as Address,
  );
  const expected = ['none', 'none', 'contract', 'contract', 'delegation', 'none'];
  const { hash } = await chain.rpc.call<{ hash: string }>('eth_getBlockByNumber', [
    'latest',
    false,
  ]);
  const proxy = await faultyProxy(chain.url);
  const node = new ChainNode(proxy.url);
  expect(await readAccountCodes(node, accounts, { hash })).toEqual(expected);
  expect(await node.code(delegated, 'latest')).toBe(
    `0xef0100${router.address.slice(2).toLowerCase()}`,
  );
  const many = await readAccountCodes(
    node,
    Array.from({ length: ACCOUNTS_AT_ONCE }, (_, index) => accounts[index % 6] ?? foreseen),
    { hash },
  );
  expect(many).toEqual(Array.from({ length: ACCOUNTS_AT_ONCE }, (_, index) => expected[index % 6]));
  node.close();
  const without = new ChainNode(await proxyWithout(chain.url, ['eth_call']));
  expect(await readAccountCodes(without, accounts, { hash })).toEqual(expected);
  without.close();
});

test('an indexer that follows the head reads all holders', async () => {
  const { chain, founder, friend, router, token } = scene;
  await mineBlocks(chain, 12);
  const warnings: string[] = [];
  const onWarning = (line: string) => warnings.push(line);
  const follower = follow({ chain, databaseUrl, tokens: [token.address], onWarning });
  await mineBlocks(chain, 1);
  await follower.caughtUp();
  await eventually(async () => expect(Object.keys(await codes())).toHaveLength(5));
  await follower.stop();
  expect(warnings).toEqual([]);
  expect(await codes()).toMatchObject({
    [founder]: 'none',
    [friend]: 'none',
    [router.address.toLowerCase()]: 'contract',
    [delegated]: 'delegation',
    [foreseen]: 'none',
  });
});

test('who receives a token later is read too, and a contract that is deployed later is found', async () => {
  const { chain, founder, friend, payer, token } = scene;
  await scene.call(founder, 'transfer', [payer, 10n]);
  expect(await codes()).toMatchObject({ [foreseen]: 'none' });
  await deployRouter(chain, { from: friend });
  await indexTo({ chain, databaseUrl, tokens: [token.address] });
  expect(await look()).toEqual([]);
  // One call reads those again that were read in earlier blocks.
  expect(await codes()).toMatchObject({ [payer]: 'none', [foreseen]: 'contract' });
});

test('what was read in a block that is gone is read again', async () => {
  const { chain, founder, payer } = scene;
  const client = await connectClient({ connectionString: databaseUrl });
  const [{ block = 0 } = {}] = await query<{ block: number }>(
    databaseUrl,
    `SELECT max(block_number) AS block FROM account_code WHERE code = 'none'`,
  );
  await client.query('BEGIN');
  await rollbackAbove(client, chain.chainId, [], block - 1);
  await client.query('COMMIT');
  await client.end();
  expect(await codes()).toMatchObject({ [payer]: null });
  const late = await query(
    databaseUrl,
    `SELECT FROM account_reading WHERE block_number >= ${block} OR NOT is_complete`,
  );
  expect(late).toEqual([]);
  expect(await look()).toEqual([]);
  expect(await codes()).toMatchObject({ [payer]: 'none', [founder]: 'none' });
});

test('an endpoint that fails leaves accounts unread, and a block that is gone writes nothing', async () => {
  const { chain, token } = scene;
  const url = await freshDatabase();
  await indexTo({ chain, databaseUrl: url, tokens: [token.address] });
  const failing = await proxyWithout(chain.url, ['eth_call', 'eth_getCode']);
  expect(await look(failing, url)).toHaveLength(1);
  expect(await codes(url)).toEqual({});
  await query(
    url,
    `UPDATE chain_cursor SET hash = decode(repeat('00', 32), 'hex'), finalized_height = 0`,
  );
  await query(url, 'DELETE FROM hot_block');
  const client = await connectClient({ connectionString: url });
  const block = { height: 20, hash: `0x${'11'.repeat(32)}` };
  const read = { accounts: [delegated], codes: ['none'] as const };
  expect(await writeAccountCodes(client, chain.chainId, block, read)).toBe(false);
  await client.end();
  expect(await codes(url)).toEqual({});
});
