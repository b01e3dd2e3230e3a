import { beforeAll, describe, expect, test } from 'vitest';
import { defaultAccounts } from '../../devnet/actors.js';
import { mineBlocks } from '../../devnet/chain.js';
import {
  deployContract,
  deployOtherToken,
  deployReference,
  deployWindowed,
} from '../../devnet/deploy.js';
import type { Address } from '../../src/address.js';
import { detectToken } from '../../src/chain/detect.js';
import { ChainNode } from '../../src/chain/node.js';
import { ACTOR_CODE } from '../../src/chain/rehearsal/actorCode.js';
import { rehearse } from '../../src/chain/rehearsal/rehearse.js';
import { type Anvil, startAnvil } from '../support/anvil.js';
import { proxyWithout, proxyWithoutRehearsal } from '../support/rpcProxy.js';

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
}

/** A relative of the given rules: p = 80, supply 1000, an interval of 10 blocks or seconds. */
async function composed(rules: Rules): Promise<string> {
  const { window = 0n, windowSaid = 0n, rollOver = 0n, parts = 0n, getters = 1n } = rules;
  const zero = `0x${'0'.repeat(40)}`;
  const all = [80n, window, 10n, rollOver, parts, getters, 0n, windowSaid, 0n, 0n, 0n, 0n, zero];
  const args = ['Composed', 'CMP', 1000n, all];
  const { address } = await deployContract(chain, 'RevShareComposed', args, { from: founder });
  await mineBlocks(chain, 2);
  return address;
}

async function detect(address: string, url = chain.url): Promise<string> {
  const node = new ChainNode(url);
  try {
    const config = {
      address: address.toLowerCase() as Address,
      policy: 'auto' as const,
      startBlock: null,
      assets: [],
    };
    return (await detectToken(node, config, null)).policy.name;
  } finally {
    node.close();
  }
}

describe('a contract with the getters of the reference', () => {
  test('is the reference where it behaves like it', async () => {
    expect(await detect(await composed({ parts: CLAIMED_IS_ZERO }))).toBe('reference');
  });

  test('whose window of 3 no getter shows is recognised by what it pays', async () => {
    const hidden = { window: 3n, rollOver: ROLL_OVER.holders };
    expect(await detect(await composed(hidden))).toBe('windowed-three-reference');
    expect(await detect(await composed({ ...hidden, parts: WINDOWED_ROUNDING }))).toBe(
      'windowed-three',
    );
  });

  test('that rolls unclaimed revenue into the redeem pool is refused with the figure', async () => {
    const token = await composed({ window: 3n, rollOver: ROLL_OVER.redeemPool });
    await expect(detect(token)).rejects.toMatchObject({
      code: 'TOKEN_NO_POLICY',
      message: expect.stringMatching(
        /looks like .*, but in a rehearsal on its state of block \d+, /,
      ),
    });
  });

  test('that pays claims rounded up is refused with the balance that shows it', async () => {
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
async function rehearsed(address: string, url: string, ago: number): Promise<unknown[]> {
  const node = new ChainNode(url);
  const reasons: string[] = [];
  try {
    const [token, block] = [address.toLowerCase() as Address, await node.headNumber()];
    const rehearsal = await rehearse(node, token, block - ago, (reason) => reasons.push(reason));
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

  test('nor debug_traceCall rehearses one snapshot, and says what was not tried', async () => {
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

test('a plain token, which has no revenue to rehearse, is refused by its views', async () => {
  const token = await deployOtherToken(chain, 'PlainToken', {
    from: founder,
    name: 'P',
    symbol: 'P',
    supply: 1n,
  });
  await expect(detect(token.address)).rejects.toMatchObject({ code: 'TOKEN_NO_POLICY' });
});
