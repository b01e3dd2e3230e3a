import { beforeAll, describe, expect, test } from 'vitest';
import { defaultAccounts } from '../../../devnet/actors.js';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import {
  deployContract,
  deployOtherToken,
  deployReference,
  deployWindowed,
} from '../../../devnet/deploy.js';
import type { Address } from '../../../src/address.js';
import { detectToken } from '../../../src/chain/contract/detect.js';
import { ChainNode } from '../../../src/chain/node.js';
import { ACTOR_CODE } from '../../../src/chain/rehearsal/actorCode.js';
import { rehearse } from '../../../src/chain/rehearsal/rehearse.js';
import { type Anvil, startAnvil } from '../../support/nodes/anvil.js';
import { anyOf, askedTogether } from '../../support/nodes/askedTogether.js';
import type { OddCall } from '../../support/nodes/oddNode.js';
import { proxyWithout, proxyWithoutRehearsal } from '../../support/nodes/rpcProxy.js';
import { oddNode } from '../../support/nodes/testNode.js';

/** Bits and numbers of contracts/ComposedRules.sol. */
const WINDOWED_ROUNDING = 1n << 0n;
const SECONDS = 1n << 1n;
const CLAIMED_IS_ZERO = 1n << 2n;
const CLAIM_ROUNDS_UP = 1n << 14n;
const GETTER_PERCENT = 1n << 0n;
const GETTER_WINDOW = 1n << 1n;
const GETTER_INTERVAL = 1n << 2n;
const GETTER_LAST_SNAPSHOT = 1n << 3n;
const GETTER_WINDOW_LIES = 1n << 4n;
const WINDOWED_GETTERS = GETTER_PERCENT | GETTER_WINDOW | GETTER_INTERVAL | GETTER_LAST_SNAPSHOT;
const ROLL_OVER = { none: 0n, holders: 1n, redeemPool: 2n };

let chain: Anvil;
let founder: string;

beforeAll(async () => {
  chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
  [founder = ''] = await defaultAccounts(chain);
});

interface Rules {
  readonly window?: bigint;
  readonly windowSaid?: bigint;
  readonly rollOver?: bigint;
  readonly parts?: bigint;
  readonly getters?: bigint;
  readonly percent?: bigint;
  readonly asset?: string;
}

/** A relative of the given rules: p = 80, supply 1000, an interval of 10 blocks or seconds. */
async function composed(rules: Rules): Promise<string> {
  const { window = 0n, windowSaid = 0n, rollOver = 0n, parts = 0n, getters = 1n } = rules;
  const { percent = 80n, asset = `0x${'0'.repeat(40)}` } = rules;
  const terms = [percent, window, 10n, rollOver, parts, getters, 0n, windowSaid];
  const all = [...terms, 0n, 0n, 0n, 0n, asset];
  const args = ['Composed', 'CMP', 1000n, all];
  const { address } = await deployContract(chain, 'RevShareComposed', args, { from: founder });
  await mineBlocks(chain, 2);
  return address;
}

async function detect(
  address: string,
  url = chain.url,
  asset?: string,
  startBlock: number | null = null,
): Promise<string> {
  const node = new ChainNode(url);
  try {
    const config = {
      address: address.toLowerCase() as Address,
      policy: 'auto' as const,
      startBlock,
      assets: asset === undefined ? [] : [asset.toLowerCase() as Address],
    };
    return (await detectToken(node, config, null)).policy.name;
  } finally {
    node.close();
  }
}

test('what a token says now and said at its start is asked before anything is answered', async () => {
  const address = await composed({ parts: CLAIMED_IS_ZERO });
  const head = (await latestBlock(chain)).number;
  // Two blocks were mined after its deployment.
  const start = head - 2;
  const at = (block: number) => (call: OddCall) =>
    call.method === 'eth_call' && call.params[1] === `0x${block.toString(16)}`;
  const together = askedTogether(anyOf('eth_getCode'), at(head), at(start), anyOf('eth_getLogs'));
  const node = await oddNode(chain.url, together);
  expect(await detect(address, node.url, undefined, start)).toBe('reference');
});

describe('a contract with the getters of the reference', () => {
  test('is the reference where it behaves like it', async () => {
    expect(await detect(await composed({ parts: CLAIMED_IS_ZERO }))).toBe('reference');
  });

  test('a contract without a getter for its window of 3 is recognised by what it pays', async () => {
    const hidden = { window: 3n, rollOver: ROLL_OVER.holders };
    expect(await detect(await composed(hidden))).toBe('windowed-three-reference');
    expect(await detect(await composed({ ...hidden, parts: WINDOWED_ROUNDING }))).toBe(
      'windowed-three',
    );
  });

  test('a contract that rolls unclaimed revenue into the redeem pool is refused with the figure', async () => {
    const token = await composed({ window: 3n, rollOver: ROLL_OVER.redeemPool });
    await expect(detect(token)).rejects.toMatchObject({
      code: 'TOKEN_NO_POLICY',
      message: expect.stringMatching(
        /looks like .*, but in a rehearsal on its state of block \d+, /,
      ),
    });
  });

  test('a contract that rounds claims up is refused with the balance that shows it', async () => {
    const token = await composed({ parts: CLAIM_ROUNDS_UP | CLAIMED_IS_ZERO });
    await expect(detect(token)).rejects.toMatchObject({ code: 'TOKEN_NO_POLICY' });
  });
});

test('a getter that says another window than the contract has is found out', async () => {
  const token = await composed({
    window: 3n,
    windowSaid: 2n,
    rollOver: ROLL_OVER.holders,
    parts: WINDOWED_ROUNDING | SECONDS,
    getters: WINDOWED_GETTERS | GETTER_WINDOW_LIES,
  });
  await expect(detect(token)).rejects.toMatchObject({
    code: 'TOKEN_NO_POLICY',
    message: expect.stringContaining('looks like windowed, but in a rehearsal'),
  });
});

describe('the public implementations', () => {
  const common = { name: 'Model', symbol: 'MDL', supply: 10n ** 27n, percentClaimable: 33 };

  test('rehearse as the policy says that their getters name', async () => {
    const from = founder;
    const snapshotInterval = 648_000;
    const tokens = [
      await deployReference(chain, { ...common, from }),
      await deployWindowed(chain, 'RevShareWindowedSeconds', { ...common, from, snapshotInterval }),
      await deployWindowed(chain, 'RevShareWindowedBlocks', { ...common, from, snapshotInterval }),
      await deployWindowed(chain, 'RevShareBridged', { ...common, from, snapshotInterval }),
    ];
    await mineBlocks(chain, 1);
    const names = [];
    for (const { address } of tokens) names.push(await detect(address));
    expect(names).toEqual(['reference', 'windowed', 'windowed', 'windowed']);
  });

  test('are recognised by their getters where the node serves no simulation', async () => {
    const { address } = await deployReference(chain, { ...common, from: founder });
    await mineBlocks(chain, 1);
    const url = await proxyWithoutRehearsal(chain.url);
    const reasons = await rehearsed(address, url, 1);
    expect(reasons).toEqual([null, expect.stringContaining('neither eth_simulateV1 nor eth_call')]);
    expect(await detect(address, url)).toBe('reference');
  });
});

/** How many steps a contract of `ago` blocks was rehearsed in, and what was said about it. */
async function rehearsed(
  address: string,
  url: string,
  ago: number,
  asset: string | null = null,
): Promise<unknown[]> {
  const node = new ChainNode(url);
  const reasons: string[] = [];
  try {
    const [token, block] = [address.toLowerCase() as Address, await node.headNumber()];
    const shared = asset === null ? null : (asset.toLowerCase() as Address);
    const say = (reason: string) => reasons.push(reason);
    const rehearsal = await rehearse(node, token, block - ago, say, shared);
    return [rehearsal?.steps.length ?? null, ...reasons];
  } finally {
    node.close();
  }
}

describe('a node without eth_simulateV1', () => {
  const hidden = {
    window: 3n,
    windowSaid: 2n,
    rollOver: ROLL_OVER.holders,
    parts: WINDOWED_ROUNDING | SECONDS,
    getters: WINDOWED_GETTERS | GETTER_WINDOW_LIES,
  };

  test('rehearses every step by eth_call and debug_traceCall, with the same answers', async () => {
    const url = await proxyWithout(chain.url, ['eth_simulateV1']);
    for (const rules of [{ parts: CLAIMED_IS_ZERO }, { window: 3n, rollOver: ROLL_OVER.holders }]) {
      const address = (await composed(rules)).toLowerCase() as Address;
      const [simulating, calling] = [new ChainNode(chain.url), new ChainNode(url)];
      const at = (await simulating.headNumber()) - 2;
      const rehearsals = [];
      for (const node of [simulating, calling]) {
        rehearsals.push(await rehearse(node, address, at));
        node.close();
      }
      expect(rehearsals[0]?.steps.length).toBeGreaterThan(100);
      expect(rehearsals[1]).toEqual(rehearsals[0]);
    }
    await expect(detect(await composed(hidden), url)).rejects.toMatchObject({
      code: 'TOKEN_NO_POLICY',
      message: expect.stringContaining('looks like windowed, but in a rehearsal'),
    });
  });

  test('a node without eth_simulateV1 and debug_traceCall rehearses one snapshot, and says what was not tried', async () => {
    const url = await proxyWithout(chain.url, ['eth_simulateV1', 'debug_traceCall']);
    const roundsUp = await composed({ parts: CLAIM_ROUNDS_UP | CLAIMED_IS_ZERO });
    await expect(detect(roundsUp, url)).rejects.toMatchObject({ code: 'TOKEN_NO_POLICY' });
    expect(await detect(await composed(hidden), url)).toBe('windowed');
    const [steps, said] = await rehearsed(await composed({ parts: CLAIMED_IS_ZERO }), url, 2);
    expect(steps).toBeGreaterThan(8);
    expect(said).toContain('window and roll-over were not tried');
  });

  test('is given the code of the compiled actor', async () => {
    const { address } = await deployContract(chain, 'RehearsalActor', [], { from: founder });
    const code = await chain.rpc.call<string>('eth_getCode', [address, 'latest']);
    expect(ACTOR_CODE).toBe(code);
  });
});

describe('a contract that shares one ERC-20 and no ETH', () => {
  const inAsset = (asset: string, more: Rules = {}) =>
    composed({
      percent: 100n,
      getters: GETTER_INTERVAL | GETTER_LAST_SNAPSHOT,
      asset,
      ...more,
      parts: CLAIMED_IS_ZERO | (more.parts ?? 0n),
    });
  let dollar: string;
  beforeAll(async () => {
    const args = ['Dollar', 'USD', 6];
    ({ address: dollar } = await deployContract(chain, 'RevenueAsset', args, { from: founder }));
  });

  test('is rehearsed in that ERC-20, and refused with the figure that differs', async () => {
    const plain = await inAsset(dollar);
    expect(await rehearsed(plain, chain.url, 2, dollar)).toEqual([expect.any(Number)]);
    expect(await detect(plain, chain.url, dollar)).toBe('one-asset');
    const roundsUp = await inAsset(dollar, { parts: CLAIM_ROUNDS_UP });
    await expect(detect(roundsUp, chain.url, dollar)).rejects.toMatchObject({
      code: 'TOKEN_NO_POLICY',
      message: expect.stringMatching(/looks like one-asset, but in a rehearsal .* is \d+, not \d+/),
    });
  });

  test('is rehearsed by eth_call and debug_traceCall too', async () => {
    const url = await proxyWithout(chain.url, ['eth_simulateV1']);
    const plain = await inAsset(dollar);
    const [steps, ...reasons] = await rehearsed(plain, url, 2, dollar);
    expect(steps).toEqual((await rehearsed(plain, chain.url, 2, dollar))[0]);
    expect(reasons).toEqual([]);
    const roundsUp = await inAsset(dollar, { parts: CLAIM_ROUNDS_UP });
    await expect(detect(roundsUp, url, dollar)).rejects.toMatchObject({ code: 'TOKEN_NO_POLICY' });
  });

  test('is said not to be rehearsed where the ERC-20 keeps a part of each transfer', async () => {
    const token = (await inAsset(dollar)).toLowerCase() as Address;
    const node = new ChainNode(chain.url);
    const simulate = node.simulate.bind(node);
    node.simulate = async (...asked) => {
      const blocks = (await simulate(...asked)) as { calls: { returnData: string }[] }[];
      // The balance after the first receipt.
      const balance = blocks[0]?.calls.at(-1);
      if (balance === undefined) throw new Error('nothing was simulated');
      balance.returnData = `0x${(BigInt(balance.returnData) - 1n).toString(16).padStart(64, '0')}`;
      return blocks;
    };
    const reasons: string[] = [];
    const at = (await node.headNumber()) - 2;
    const say = (reason: string) => reasons.push(reason);
    const asset = dollar.toLowerCase() as Address;
    expect(await rehearse(node, token, at, say, asset)).toBeNull();
    expect(reasons).toEqual([expect.stringContaining('does not bring its whole amount')]);
    node.close();
  });

  test('is said not to be rehearsed where the storage of the ERC-20 does not show balances', async () => {
    const token = await inAsset(founder);
    expect(await rehearsed(token, chain.url, 2, founder)).toEqual([
      null,
      expect.stringContaining('does not show where it keeps balances'),
    ]);
  });
});

test('a plain token, which has no revenue to rehearse, is refused by its views', async () => {
  const token = await deployOtherToken(chain, 'PlainToken', {
    from: founder,
    name: 'P',
    symbol: 'P',
    supply: 1n,
  });
  await expect(detect(token.address)).rejects.toMatchObject({ code: 'TOKEN_NO_POLICY' });
});
