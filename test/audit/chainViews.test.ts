import { expect, onTestFinished, test } from 'vitest';
import { defaultAccounts } from '../../devnet/actors.js';
import { functions } from '../../src/abi/multicall3.js';
import type { Address } from '../../src/address.js';
import { BATCH_CONTRACT_CODE } from '../../src/audit/questions/batchContract.js';
import { ChainViews, MULTICALL_ADDRESS } from '../../src/audit/questions/chainViews.js';
import type { Lookup } from '../../src/audit/questions/question.js';
import { ChainNode } from '../../src/chain/node.js';
import { startAnvil } from '../support/nodes/anvil.js';
import { faultyProxy } from '../support/nodes/rpcProxy.js';
import { placeMulticall } from '../support/scenes/auditScene.js';

/** Contracts that do one thing whatever they are asked, as EVM code. */
const CONTRACTS = {
  'says 42': '0x602a60005260206000f3',
  'eats all gas': '0xfe',
  'never ends': '0x5b600056',
  'reverts without a reason': '0x60006000fd',
  'reverts with a reason': '0x602a60005260206000fd',
  'answers two words': '0x602a60005260406000f3',
  'answers a megabyte': '0x620fffff6000f3',
  'answers nothing': '0x00',
  'is not there': '0x',
} as const;

/** Says 42 after so many rounds of some 30 gas each. */
function hardWorker(rounds: number): string {
  return `0x63${rounds.toString(16).padStart(8, '0')}5b600190038060055750602a60005260206000f3`;
}

/** What the contracts say at the newest block of a node. */
async function viewsOf(url: string): Promise<ChainViews> {
  const node = new ChainNode(url);
  onTestFinished(() => node.close());
  const { number, hash } = await node.blockHeader('latest');
  return ChainViews.at(node, { number, hash });
}

test('the code of a state override is the code of the contract when it is deployed', async () => {
  const chain = await startAnvil();
  const [from = ''] = await defaultAccounts(chain);
  await placeMulticall(chain, from);
  expect(await chain.rpc.call('eth_getCode', [MULTICALL_ADDRESS, 'latest'])).toBe(
    BATCH_CONTRACT_CODE,
  );
});

test('a node that does not know of overrides gets JSON-RPC batches', async () => {
  const chain = await startAnvil();
  const proxy = await faultyProxy(chain.url);
  const { selector } = functions.aggregate3;
  const refused = { code: -32602, message: 'too many arguments, want at most 2', selector };
  proxy.inject({ kind: 'error', method: 'eth_call', times: Infinity, ...refused });
  expect((await viewsOf(proxy.url)).path).toBe('batches');
});

test.each(['multicall', 'override'])(
  'however a contract misbehaves, a call in a batch returns what it returns alone: %s',
  async (path) => {
    const chain = await startAnvil();
    const [from = ''] = await defaultAccounts(chain);
    const calls: Lookup[] = [];
    const expected: (bigint | null)[] = [];
    for (const [index, [name, code]] of Object.entries(CONTRACTS).entries()) {
      const to: Address = `0x${(0xabcd00 + index).toString(16).padStart(40, '0')}`;
      await chain.rpc.call('anvil_setCode', [to, code]);
      calls.push({ kind: 'call', to, data: '0x12345678' });
      expected.push(name === 'says 42' ? 42n : null);
    }
    if (path === 'multicall') await placeMulticall(chain, from);
    const views = await viewsOf(chain.url);
    expect(views.path).toBe(path);

    // Well-behaved ones before, between and behind, more than go into one call.
    const well = calls[0];
    if (well === undefined) throw new Error('there is a contract that says 42');
    const crowd = [
      ...Array.from({ length: 150 }, () => well),
      ...calls.flatMap((call) => [call, well]),
      ...Array.from({ length: 150 }, () => well),
    ];
    const answers = await views.read(crowd);
    const single = await views.directly().read(crowd);
    expect(answers).toEqual(single);
    expect(single.slice(150, 150 + 2 * calls.length)).toEqual(
      expected.flatMap((word) => [word, 42n]),
    );
    expect(single.filter((word) => word === 42n)).toHaveLength(300 + 1 + calls.length);
  },
);

test.each(['multicall', 'override'])(
  'a call that fails because another one used the gas is repeated alone: %s',
  async (path) => {
    const chain = await startAnvil();
    const [from = ''] = await defaultAccounts(chain);
    const [eater, worker] = ['aa', 'bb'].map((end): Address => `0x${end.padStart(40, '0')}`);
    const { gasLimit } = await chain.rpc.call<{ gasLimit: string }>('eth_getBlockByNumber', [
      'latest',
      false,
    ]);
    await chain.rpc.call('anvil_setCode', [eater, CONTRACTS['eats all gas']]);
    // It takes more than the 64th part that is left, and less than there is for it alone.
    const rounds = Math.floor(Number(gasLimit) / 30 / 32);
    await chain.rpc.call('anvil_setCode', [worker, hardWorker(rounds)]);
    if (path === 'multicall') await placeMulticall(chain, from);
    const views = await viewsOf(chain.url);
    expect(views.path).toBe(path);
    const calls = [eater, worker].map(
      (to): Lookup => ({ kind: 'call', to: to ?? '0x', data: '0x' }),
    );
    expect(await views.read(calls)).toEqual([null, 42n]);
  },
);
