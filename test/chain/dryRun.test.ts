import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Address } from '../../src/address.js';
import { DryRun } from '../../src/chain/dryRun.js';
import { AssetScene } from '../support/scenes/assetScene.js';
import { Scene } from '../support/scenes/scene.js';

let scene: Scene;
let node: DryRun;

beforeAll(async () => {
  scene = await Scene.start();
  node = new DryRun(scene.chain.url, 3_000);
});
afterAll(() => node.close());

describe('whether a token has claimBatch', () => {
  it('is recognised by what it accepts and what it refuses', async () => {
    expect(await node.hasClaimBatch(scene.token.address as Address)).toBe(true);
    const other = await AssetScene.start();
    const itsNode = new DryRun(other.chain.url, 3_000);
    expect(await itsNode.hasClaimBatch(other.token.address as Address)).toBe(false);
    itsNode.close();
  });

  it('is no, where a fallback takes any call, and where there is no contract', async () => {
    const silent: Address = '0x00000000000000000000000000000000000000f1';
    // STOP: for any call, it does nothing, successfully.
    await scene.chain.rpc.call('anvil_setCode', [silent, '0x00']);
    expect(await node.hasClaimBatch(silent)).toBe(false);
    expect(await node.hasClaimBatch('0x00000000000000000000000000000000000000f2')).toBe(false);
  });

  it('is not known if the node is away', async () => {
    const away = new DryRun('http://127.0.0.1:1', 500);
    await expect(away.hasClaimBatch(scene.token.address as Address)).rejects.toThrow();
    away.close();
  });
});

it('a transaction that would fail has a reason in place of its gas', async () => {
  const from = scene.founder as Address;
  const to = scene.token.address as Address;
  await scene.pay(100n);
  await scene.snapshot();
  const claim = (id: number) => ({ from, to, data: scene.data('claim', [id]), valueWei: 0n });
  const [one, seven] = await node.estimateGas([claim(1), claim(7)]);
  expect(one?.unavailable).toBeNull();
  expect(Number(one?.gas)).toBeGreaterThan(21_000);
  expect(Number(one?.gas)).toBeLessThan(200_000);
  expect(seven?.gas).toBeNull();
  expect(seven?.unavailable).toMatch(/^it would fail: .*revert/);
});
