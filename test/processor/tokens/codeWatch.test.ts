import { id } from 'ethers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultAccounts } from '../../../devnet/actors.js';
import { execute, latestBlock, mineBlock, mineBlocks } from '../../../devnet/chain.js';
import { type DeployedContract, deployContract, encodeCall } from '../../../devnet/deploy.js';
import type { Address } from '../../../src/address.js';
import { delegates, readCodePaths } from '../../../src/chain/contract/codePath.js';
import { ChainNode } from '../../../src/chain/node.js';
import { rewindChain } from '../../../src/processor/holding/rewind.js';
import { connectClient } from '../../../src/store/database/postgres.js';
import { readUnrehearsed } from '../../../src/store/read/tokens/unrehearsed.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { type Anvil, startAnvil } from '../../support/nodes/anvil.js';
import { proxyWithout } from '../../support/nodes/rpcProxy.js';
import { oddNode } from '../../support/nodes/testNode.js';
import { indexTo } from '../../support/programs/indexer.js';
import { runVerbHere } from '../../support/programs/verbHere.js';
import { writeConfig } from '../../support/programs/writeConfig.js';

let chain: Anvil;
let founder: string;
let friend: string;
let logic: DeployedContract;
let initialize: string;

beforeAll(async () => {
  chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
  [founder = '', friend = ''] = await defaultAccounts(chain);
  logic = await deploy('RevShareWindowedUpgradeable');
  initialize = encodeCall(logic, 'initialize', ['Model', 'MDL', 1000n, 80, 0]);
});

const deploy = (name: string, args: unknown[] = []) =>
  deployContract(chain, name, args, { from: founder });
const run = (token: DeployedContract, name: string, args: unknown[] = []) =>
  execute(chain, { from: founder, to: token.address, data: encodeCall(token, name, args) });

async function behindBeacon(): Promise<{ beacon: DeployedContract; token: DeployedContract }> {
  const beacon = await deploy('TokenBeacon', [logic.address]);
  const proxy = await deploy('RevShareBeaconProxy', [beacon.address, initialize]);
  return { beacon, token: { ...proxy, interface: logic.interface } };
}

/** Code that asks a beacon, whose address is part of it, which code it is to run. */
function forwarder(beacon: string): string {
  const ask = `635c60da1b60e01b3652602036600436${`73${beacon.slice(2)}`}5afa50`;
  const head = `365f5f37${ask}5f5f365f36515af43d5f5f3e3d5f82`;
  const jump = head.length / 2 + 4;
  return `0x${head}60${jump.toString(16)}57fd5bf3`.toLowerCase();
}

/** A minimal proxy (EIP-1167) of code that asks a beacon; no slot of the token names either. */
async function cloneOfProxy(): Promise<{ beacon: DeployedContract; token: DeployedContract }> {
  const beacon = await deploy('TokenBeacon', [logic.address]);
  const middle = `0x${'7641'.repeat(10)}`;
  await chain.rpc.call('anvil_setCode', [middle, forwarder(beacon.address)]);
  const runtime = `363d3d373d3d3d363d73${middle.slice(2)}5af43d82803e903d91602b57fd5bf3`;
  const data = `0x3d602d80600a3d3981f3${runtime}`;
  const { contractAddress } = await execute(chain, { from: founder, data });
  if (contractAddress == null) throw new Error('the clone was not deployed');
  const token = { ...logic, address: contractAddress };
  await execute(chain, { from: founder, to: token.address, data: initialize });
  return { beacon, token };
}

/** Revenue and a snapshot that nobody claims, so that no payment shows what new code does. */
async function live(token: DeployedContract): Promise<void> {
  await run(token, 'transfer', [friend, 317n]);
  await execute(chain, { from: founder, to: token.address, valueWei: 1_000n });
  await mineBlock(chain, (await latestBlock(chain)).timestamp + 20);
  await run(token, 'snapshot');
}

async function upgrade(beacon: DeployedContract, contract: string): Promise<number> {
  const next = await deploy(contract);
  const { blockNumber } = await run(beacon, 'upgradeTo', [next.address]);
  await mineBlocks(chain, 3);
  return Number(blockNumber);
}

async function holdsOf(
  token: DeployedContract,
  url = chain.url,
  onWarning: (line: string) => void = () => undefined,
  database?: string,
): Promise<unknown[]> {
  const databaseUrl = database ?? (await freshDatabase());
  const request = { chain: { ...chain, url }, databaseUrl, tokens: [token.address], onWarning };
  await indexTo(request).catch(() => undefined);
  return query(databaseUrl, 'SELECT last_block::int, code, reason FROM contract_hold');
}

const heldFrom = (block: number) => [
  {
    last_block: block - 1,
    code: 'TOKEN_UPGRADED',
    reason: expect.stringMatching(
      new RegExp(`was changed in block ${block}, and in a rehearsal .*claimableRevenue`),
    ),
  },
];

describe('new code that no log of the token shows, with every getter as before', () => {
  it('is rehearsed where a beacon names it, and the token is held from its block on', async () => {
    const { beacon, token } = await behindBeacon();
    await live(token);
    // The books continue by the first one: it has the rules of the books.
    await upgrade(beacon, 'RevShareWindowedNext');
    const block = await upgrade(beacon, 'RevShareWindowedWithheld');
    const withoutLists = await proxyWithout(chain.url, ['eth_createAccessList']);
    expect(await holdsOf(token, withoutLists)).toEqual(heldFrom(block));
  });

  it('is rehearsed where a minimal proxy runs the code of another proxy', async () => {
    const { beacon, token } = await cloneOfProxy();
    await live(token);
    const block = await upgrade(beacon, 'RevShareWindowedWithheld');
    expect(await holdsOf(token)).toEqual(heldFrom(block));
  });
});

/** Code that logs a cut of a diamond (EIP-2535), whatever it is asked. */
const CUT = `0x7f${id('DiamondCut((address,uint8,bytes4[])[],address,bytes)').slice(2)}5f5fa100`;

describe('new code of a diamond, which no slot and no list of calls shows', () => {
  let token: DeployedContract;
  let changedIn: number;
  let cutIn: number;

  beforeAll(async () => {
    const clone = await cloneOfProxy();
    token = clone.token;
    await live(token);
    changedIn = await upgrade(clone.beacon, 'RevShareWindowedWithheld');
    const code = await chain.rpc.call('eth_getCode', [token.address, 'latest']);
    await chain.rpc.call('anvil_setCode', [token.address, CUT]);
    const { blockNumber } = await execute(chain, { from: founder, to: token.address });
    await chain.rpc.call('anvil_setCode', [token.address, code]);
    cutIn = Number(blockNumber);
    await mineBlocks(chain, 3);
  });

  it('is rehearsed where the diamond logs the cut, and the books end before the code was another one', async () => {
    const withoutLists = await proxyWithout(chain.url, ['eth_createAccessList']);
    const [hold] = heldFrom(cutIn);
    expect(await holdsOf(token, withoutLists)).toEqual([{ ...hold, last_block: changedIn - 1 }]);
  });

  it('is not rehearsed where the node simulates nothing, and the log and the books say so until it is taken back', async () => {
    const methods = ['eth_createAccessList', 'eth_simulateV1', 'debug_traceCall'];
    const withoutState = await oddNode(chain.url, async (call, ask) => {
      const isRefused = methods.includes(call.method) || call.params.length > 2;
      if (!isRefused || !/^(eth_|debug_traceCall)/.test(call.method)) return ask(call);
      return { error: { code: -32601, message: `the method ${call.method} does not exist` } };
    });
    const lines: string[] = [];
    const databaseUrl = await freshDatabase();
    await holdsOf(token, withoutState.url, (line) => lines.push(line), databaseUrl);
    expect(lines).toContainEqual(
      expect.stringMatching(
        new RegExp(
          `changed in block ${cutIn}, and the new code is not rehearsed in full: the node`,
        ),
      ),
    );
    const client = await connectClient({ connectionString: databaseUrl });
    try {
      expect(await readUnrehearsed(client)).toEqual([
        {
          chainId: chain.chainId,
          address: token.address,
          block: cutIn,
          reason: expect.stringMatching(/^the node/),
        },
      ]);
      const config = await writeConfig(
        `chains:\n  - {id: ${chain.chainId}, rpc: "${chain.url}", tokens: [{address: "${token.address}"}]}\n`,
      );
      const env = { DATABASE_URL: databaseUrl };
      const status = await runVerbHere(['status', '--config', config], env);
      expect(status.stdout).toContain(
        `changed in block ${cutIn} and was not rehearsed in full: the node`,
      );
      const json = await runVerbHere(['status', '--json', '--config', config], env);
      expect(JSON.parse(json.stdout)).toMatchObject([
        { unrehearsedCode: [{ address: token.address, block: cutIn }] },
      ]);
      await rewindChain(client, chain.chainId, cutIn - 1);
      expect(await readUnrehearsed(client)).toEqual([]);
    } finally {
      await client.end();
    }
  });
});

describe('which code a token runs', () => {
  it('may change only where it delegates calls', async () => {
    const code = (address: string) => chain.rpc.call<string>('eth_getCode', [address, 'latest']);
    const { token } = await behindBeacon();
    expect(delegates(await code(token.address))).toBe(true);
    const args = ['Dollar', 'USD', 6];
    expect(delegates(await code((await deploy('RevenueAsset', args)).address))).toBe(false);
    // Data of a PUSH is not an operation.
    expect([delegates('0x60f400'), delegates('0x60f4f4')]).toEqual([false, true]);
  });

  it('is read from what a view calls, or from the slots of the proxy and its beacon', async () => {
    const { beacon, token } = await behindBeacon();
    const address = token.address.toLowerCase() as Address;
    const url = await proxyWithout(chain.url, ['eth_createAccessList']);
    const nodes = [new ChainNode(chain.url), new ChainNode(url)];
    const pathsAt = async (block: number) =>
      (await Promise.all(nodes.map((node) => readCodePaths(node, [address], block)))).flat();
    const { number } = await latestBlock(chain);
    const before = await pathsAt(number);
    expect(before).toMatchObject([
      { by: 'calls', value: expect.stringContaining(logic.address.toLowerCase()) },
      { by: 'slots', value: expect.stringContaining(logic.address.toLowerCase().slice(2)) },
    ]);
    await upgrade(beacon, 'RevShareWindowedNext');
    const after = await pathsAt((await latestBlock(chain)).number);
    expect(after.map((path, index) => path?.value === before[index]?.value)).toEqual([
      false,
      false,
    ]);
    expect(await pathsAt(number)).toEqual(before);
    for (const node of nodes) node.close();
  });

  it('is read from the slots of all tokens in two batches', async () => {
    const tokens = [await behindBeacon(), await behindBeacon()];
    const addresses = tokens.map(({ token }) => token.address.toLowerCase() as Address);
    const { number } = await latestBlock(chain);
    const node = new ChainNode(await proxyWithout(chain.url, ['eth_createAccessList']));
    const slots = vi.spyOn(node, 'storageWords');
    const views = vi.spyOn(node, 'viewsAt');
    const plain = `0x${'11'.repeat(20)}` as const;
    const paths = await readCodePaths(node, [...addresses, plain], number);
    const beacons = tokens.map(({ beacon }) => BigInt(beacon.address));
    expect(paths.map((path) => path?.value.split(',')[1])).toEqual([...beacons, 0n].map(String));
    expect(paths.map((path) => path?.value.endsWith(logic.address.toLowerCase().slice(2)))).toEqual(
      [true, true, false],
    );
    expect([slots, views].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
    node.close();
  });
});
