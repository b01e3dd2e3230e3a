import { beforeAll, describe, expect, it } from 'vitest';
import type { FinderKind } from '../../../src/config/source/finderKinds.js';
import { type Dialect, startOddNode } from '../../support/nodes/oddNode.js';
import { oddNode } from '../../support/nodes/testNode.js';
import { Scene } from '../../support/scenes/scene.js';
import { readFinalBlocks, type SourceRun } from '../../support/scenes/sourceScene.js';

let scene: Scene;
let startBlock: number;
/** By reading every block. */
let truth: SourceRun;

beforeAll(async () => {
  scene = await Scene.start();
  const { token, founder, friend, payer } = scene;
  const code = await scene.chain.rpc.call<string>('eth_blockNumber');
  startBlock = await deploymentBlock(Number(code));
  await scene.call(founder, 'transfer', [friend, 100n]);
  await scene.pay(1_000n);
  await quiet(3);
  await scene.snapshot();
  await scene.call(friend, 'claim', [1n]);
  await scene.route([{ valueWei: 50n }], 50n);
  await quiet(2);
  // A block of many, of which two concern the token: one by a log, one by an inner frame alone.
  const route = scene.routeRequest([{ valueWei: 70n }], 70n);
  const others = Array.from({ length: 12 }, () => ({ from: payer, to: founder, valueWei: 1n }));
  const transfer = { from: founder, to: token.address, data: scene.data('transfer', [friend, 5n]) };
  await scene.inOneBlock([...others, transfer, route]);
  await scene.pay(9n);
  await scene.call(friend, 'burn', [10n]);
  await quiet(2);
  truth = await read([scene.chain.url], ['blocks']);
  expect(truth.delivered.length).toBeGreaterThan(8);
}, 60_000);

async function deploymentBlock(head: number): Promise<number> {
  for (let block = 0; block <= head; block++) {
    const code = await scene.chain.rpc.call<string>('eth_getCode', [
      scene.token.address,
      `0x${block.toString(16)}`,
    ]);
    if (code !== '0x') return block;
  }
  throw new Error('the token is not deployed');
}

async function quiet(blocks: number): Promise<void> {
  for (let block = 0; block < blocks; block++) {
    await scene.chain.rpc.call('evm_mine');
  }
}

function read(
  urls: readonly string[],
  finders: readonly FinderKind[],
  blocksAtOnce = 4,
): Promise<SourceRun> {
  return readFinalBlocks({
    urls,
    chainId: scene.chain.chainId,
    tokens: [{ address: scene.token.address as `0x${string}`, startBlock, sharesAssets: false }],
    source: { finders, blocksAtOnce },
  });
}

const blockOf = (entry: { blockNumber: string | number }) => Number(entry.blockNumber);

/** Leaves entries out of the lists that finders ask for; blocks themselves are read rightly. */
function leavesOut(
  methods: readonly string[],
  isLeftOut: (entry: { blockNumber: string | number; transactionHash: string }) => boolean,
): Dialect {
  return async (call, ask) => {
    const reply = await ask(call);
    if (!methods.includes(call.method) || !Array.isArray(reply.result)) return reply;
    return { result: reply.result.filter((entry) => !isLeftOut(entry)) };
  };
}

const LOGS = ['eth_getLogs'];
const FRAMES = ['trace_filter'];
const BOTH = [...LOGS, ...FRAMES];

describe.each(['ranges', 'state'] as const)('reading by %s', (finder) => {
  it('returns the same as reading every block, for any width of the ranges', async () => {
    for (const width of [1, 3, 1_000]) {
      const { delivered, covered, warnings } = await read([scene.chain.url], [finder], width);
      expect(delivered).toEqual(truth.delivered);
      expect(covered.at(-1)).toMatchObject({ finder, proof: 'state' });
      expect(warnings.filter((line) => line.includes('left out'))).toEqual([]);
    }
  });

  it('finds every block that is left out, in the middle and at the ends of ranges', async () => {
    const missed = truth.delivered.map(({ height }) => height).filter((at) => at > startBlock);
    for (const height of missed) {
      const node = await startOddNode(scene.chain.url, [
        leavesOut(BOTH, (entry) => blockOf(entry) === height),
      ]);
      const { delivered, warnings } = await read([node.url], [finder]);
      await node.close();
      expect(delivered, `block ${height}`).toEqual(truth.delivered);
      // What changes bring to light without a log is what the other finder works by.
      if (finder === 'ranges') expect(warnings).toContainEqual(leftOut(height));
    }
  });

  it('finds all of them if nothing is listed', async () => {
    const node = await oddNode(
      scene.chain.url,
      leavesOut(BOTH, () => true),
    );
    expect((await read([node.url], [finder])).delivered).toEqual(truth.delivered);
  });
});

describe('reading by ranges', () => {
  it('finds each log that is left out', async () => {
    const node = await oddNode(
      scene.chain.url,
      leavesOut(LOGS, () => true),
    );
    expect((await read([node.url], ['ranges'])).delivered).toEqual(truth.delivered);
  });

  it('finds each omitted frame, even in blocks that are known by their logs', async () => {
    const node = await oddNode(
      scene.chain.url,
      leavesOut(FRAMES, () => true),
    );
    const { delivered, warnings } = await read([node.url], ['ranges']);
    expect(delivered).toEqual(truth.delivered);
    expect(warnings.filter((line) => line.includes('a transaction of block'))).toHaveLength(1);
  });

  it('compares balances if nodes do not prove accounts, and logs it', async () => {
    const node = await oddNode(scene.chain.url, async (call, ask) =>
      call.method === 'eth_getProof'
        ? { error: { code: -32601, message: 'the method eth_getProof does not exist' } }
        : ask(call),
    );
    const { delivered, covered } = await read([node.url], ['ranges', 'state']);
    expect(delivered).toEqual(truth.delivered);
    expect(new Set(covered.map(({ finder, proof }) => `${finder} ${proof}`))).toEqual(
      new Set(['blocks blocks', 'ranges balance']),
    );
  });
});

function leftOut(height: number): unknown {
  return expect.stringMatching(new RegExp(`left out .*block ${height},`));
}

it('a finder that fails costs nothing but time', async () => {
  const node = await oddNode(scene.chain.url, async (call, ask) =>
    call.method === 'eth_getLogs' && 'address' in Object(call.params[0])
      ? { error: { code: -32000, message: 'missing trie node: header not found' } }
      : ask(call),
  );
  const { delivered, warnings } = await read([node.url], ['ranges', 'state']);
  expect(delivered).toEqual(truth.delivered);
  expect(warnings.some((line) => /^ranges: .*found in another way/.test(line))).toBe(true);
});
