import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finder } from '../../../src/chain/source/finders/finder.js';
import { GatewayFinder } from '../../../src/chain/source/portal/gatewayFinder.js';
import { PortalFinder } from '../../../src/chain/source/portal/portalFinder.js';
import {
  type GatewaySimulator,
  startGatewaySimulator,
} from '../../support/nodes/gatewaySimulator.js';
import { type PortalSimulator, startPortalSimulator } from '../../support/nodes/portalSimulator.js';
import { Scene } from '../../support/scenes/scene.js';
import { readFinalBlocks, type SourceRun } from '../../support/scenes/sourceScene.js';
import type { Omissions } from '../../support/sqd/rows.js';

/** Blocks of a chunk: what services have ends and begins there. */
const CHUNK = 4;
const CLAIM = '0x379607f5';

let scene: Scene;
let startBlock: number;
/** By reading every block. */
let truth: SourceRun;
let portal: PortalSimulator;
let gateway: GatewaySimulator;

beforeAll(async () => {
  scene = await Scene.start();
  startBlock = Number(await scene.chain.rpc.call<string>('eth_blockNumber')) - 1;
  const { founder, friend, chain } = scene;
  await scene.call(founder, 'transfer', [friend, 100n]);
  await scene.pay(1_000n);
  await chain.rpc.call('evm_mine');
  await scene.snapshot();
  await scene.call(friend, 'claim', [1n]);
  await scene.route([{ valueWei: 50n }], 50n);
  await chain.rpc.call('evm_mine');
  await scene.call(friend, 'burn', [10n]);
  for (let block = 0; block < 3; block++) await chain.rpc.call('evm_mine');
  truth = await read(null);
  expect(truth.delivered.length).toBeGreaterThan(6);
  portal = await startPortalSimulator({ rpcUrl: chain.url, chunk: CHUNK });
  gateway = await startGatewaySimulator({ rpcUrl: chain.url, chunk: CHUNK });
}, 60_000);

afterAll(async () => {
  await portal.close();
  await gateway.close();
});

function read(service: Finder | null): Promise<SourceRun> {
  return readFinalBlocks({
    urls: [scene.chain.url],
    chainId: scene.chain.chainId,
    tokens: [{ address: scene.token.address as `0x${string}`, startBlock, sharesAssets: false }],
    source: { finders: [service?.kind ?? 'blocks'] },
    services: service === null ? [] : [service],
  });
}

const SERVICES = [
  ['an SQD Portal', () => new PortalFinder({ url: portal.url, key: null }), () => portal],
  ['an SQD v2 gateway', () => new GatewayFinder({ url: gateway.url, key: null }), () => gateway],
] as const;

describe.each(SERVICES)('what %s leaves out', (_, finder, simulator) => {
  /** The same comes although something is left out. */
  async function expectFound(omit: Omissions, name: string): Promise<readonly string[]> {
    simulator().omit = omit;
    const { delivered, warnings } = await read(finder());
    simulator().omit = {};
    expect(delivered, name).toEqual(truth.delivered);
    return warnings;
  }

  /** What is the same for both services is tried with every block of one of them. */
  function some<T>(blocks: readonly T[]): readonly T[] {
    return finder().kind === 'portal' ? blocks : blocks.slice(-1);
  }

  it('is nothing where it leaves out nothing', async () => {
    const warnings = await expectFound({}, 'all');
    expect(warnings.filter((line) => line.includes('left out'))).toEqual([]);
  });

  it('is found: one whole block, in the middle and at both ends of chunks', async () => {
    const heights = truth.delivered.map(({ height }) => height).filter((at) => at > startBlock);
    expect(heights.some((at) => at % CHUNK === 0)).toBe(true);
    expect(heights.some((at) => at % CHUNK === CHUNK - 1)).toBe(true);
    for (const missed of some(heights)) {
      const warnings = await expectFound({ block: (at) => at === missed }, `block ${missed}`);
      expect(warnings.some((line) => line.includes(`block ${missed}`))).toBe(true);
    }
  });

  it('is found: one log, whatever the frames around it say', async () => {
    for (const { height } of some(truth.delivered.filter(({ logs }) => logs.length > 0))) {
      const log = ({ blockNumber }: { blockNumber: number }) => blockNumber === height;
      await expectFound({ log }, `log of block ${height}`);
      await expectFound({ log, trace: () => true }, `log of block ${height}, without frames`);
    }
  });

  it('is found: one frame, and the payment of one claim', async () => {
    const { token } = scene;
    const isPayment = ({ action }: { action: Record<string, unknown> }) =>
      String(action.from) === token.address.toLowerCase() && String(action.value) !== '0x0';
    const isClaim = ({ action }: { action: Record<string, unknown> }) =>
      String(action.input).startsWith(CLAIM);
    await expectFound({ trace: isPayment }, 'payments');
    await expectFound({ trace: isClaim }, 'calls of claim');
    await expectFound({ trace: (trace) => isClaim(trace) || isPayment(trace) }, 'whole claims');
    for (const { height } of some(truth.delivered.filter(({ frames }) => frames.length > 0))) {
      let left = 1;
      const trace = ({ blockNumber }: { blockNumber: number }) =>
        blockNumber === height && left-- > 0;
      await expectFound({ trace }, `frame of block ${height}`);
    }
  });
});
