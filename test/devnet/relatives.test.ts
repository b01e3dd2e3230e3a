// SPDX-License-Identifier: GPL-3.0-or-later
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActors } from '../../devnet/actors.js';
import { type Anvil, startAnvil } from '../../devnet/anvil.js';
import { execute, getBalance, mineBlocks } from '../../devnet/chain.js';
import {
  type DeployedContract,
  deployContract,
  deployOtherToken,
  deployWindowed,
  deployWindowedEarly,
  deployWindowedProxy,
  encodeCall,
  readContract,
} from '../../devnet/deploy.js';
import { frames, passTime, pay, revertReason, send, storage } from './support.js';

let chain: Anvil;
let founder: string;
let alice: string;

beforeAll(async () => {
  chain = await startAnvil();
  [founder = '', alice = ''] = await createActors(chain, 'relatives test', 2);
});
afterAll(() => chain.stop());

const read = (token: DeployedContract, name: string, ...args: unknown[]) =>
  readContract(chain, token, name, args);
const SNAPSHOT_TOPIC = '0x8030e83b04d87bef53480e26263266d6ca66863aa8506aca6f2559d18aa1cb67';
const common = { name: 'Relative', symbol: 'REL', supply: 1000n, percentClaimable: 80 };

describe('the early relative', () => {
  it('keeps three snapshots open, gives 0 for claimed ids, rolls over from three ago', async () => {
    const token = await deployWindowedEarly(chain, {
      ...common,
      from: founder,
      snapshotInterval: 1,
    });
    await send(chain, token, founder, 'transfer', [alice, 250n]);
    for (const revenue of [100n, 200n, 300n, 400n]) {
      await mineBlocks(chain, 1);
      await pay(chain, alice, token.address, revenue);
      await send(chain, token, alice, 'snapshot');
      if (revenue === 300n) await send(chain, token, alice, 'claimBatch', [[1n, 2n]]);
    }
    // Alice took 250 * 80 // 1000 = 20 of 80 and 40 of 160; 400 * 80 // 100 + 80 - 20
    expect(await storage(chain, token, 14, 4n)).toBe(380n);
    expect(await read(token, 'claimableRevenue', alice, 2n)).toBe(0n);
    const reason = (id: bigint) => revertReason(chain, token, 'claimableRevenue', [alice, id]);
    expect(await reason(1n)).toBe('snapshot unclaimable');
    expect(await reason(5n)).toBe('Panic 0x11');
    expect(await read(token, 'SNAPSHOT_CLAIMABLE_NUMBER')).toBe(3n);
    // pool = (160 - 40) + 240 + 380, R = 20 + 40 + 60 + 80
    expect(await getBalance(chain, token.address)).toBe(740n + 200n);
    expect(await read(token, 'redeemableOnBurn', 1000n)).toBe(200n);
  });
});

describe('the token behind a proxy', () => {
  it('is initialised once, keeps the value of its creation and counts blocks', async () => {
    const token = await deployWindowedProxy(chain, {
      ...common,
      from: founder,
      valueWei: 1000n,
      snapshotInterval: 3,
    });
    expect(token.interface.getFunction('mint')).toBeNull();
    expect(await read(token, 'name')).toBe('Relative');
    expect(await read(token, 'balanceOf', founder)).toBe(1000n);
    expect(await getBalance(chain, token.address)).toBe(1000n);
    await expect(send(chain, token, alice, 'initialize', ['', '', 1n, 1, 1])).rejects.toThrow();
    await expect(send(chain, token, alice, 'snapshot')).rejects.toThrow('reverted');
    await pay(chain, alice, token.address, 5n);
    await send(chain, token, alice, 'snapshot');
    expect(await read(token, 'lastSnapshotBlock')).toBe(BigInt(token.deploymentBlock + 4));
    expect(await read(token, 'claimableRevenue', founder, 1n)).toBe(804n);
    await send(chain, token, founder, 'claim', [1n]);
    expect(await getBalance(chain, token.address)).toBe(201n);
    expect(await storage(chain, token, 13)).toBe(201n);
  });

  it('cannot be used without the proxy', async () => {
    const logic = await deployContract(chain, 'RevShareWindowedUpgradeable', [], { from: founder });
    await expect(send(chain, logic, alice, 'initialize', ['', '', 1n, 1, 1])).rejects.toThrow();
  });
});

describe('the bridged token', () => {
  it('redeems nothing when it leaves, and shares over the supply that is here', async () => {
    const token = await deployWindowed(chain, 'RevShareBridged', {
      ...common,
      from: founder,
      valueWei: 1000n,
      snapshotInterval: 1,
    });
    const receipt = await send(chain, token, founder, 'bridgeOut', [600n]);
    expect(receipt.logs.map((log) => Number(log.topics[2]))).toEqual([0]);
    expect(await getBalance(chain, token.address)).toBe(1000n);
    expect(await read(token, 'redeemableOnBurn', 100n)).toBe(50n); // 100 * 200 // 400
    await send(chain, token, alice, 'bridgeIn', [alice, 100n]);
    await passTime(chain, 2);
    await send(chain, token, alice, 'snapshot');
    expect(await read(token, 'claimableRevenue', alice, 1n)).toBe(160n); // 100 * 800 // 500
  });
});

describe('the token with multicall', () => {
  let token: DeployedContract;

  it('runs its own functions by DELEGATECALL for the caller', async () => {
    token = await deployWindowed(chain, 'RevShareMulticall', {
      ...common,
      from: founder,
      valueWei: 1000n,
      snapshotInterval: 1,
    });
    await passTime(chain, 2);
    const calls = [encodeCall(token, 'snapshot'), encodeCall(token, 'claim', [1n])];
    const receipt = await send(chain, token, founder, 'multicall', [calls]);
    expect(await getBalance(chain, token.address)).toBe(200n);
    const types = (await frames(chain, receipt.transactionHash)).map((frame) => frame.type);
    expect(types).toEqual(['CALL', 'DELEGATECALL', 'DELEGATECALL', 'CALL']);
  });

  it('counts a value once, however often its frames repeat it', async () => {
    const deposit = encodeCall(token, 'deposit', ['0x']);
    await send(chain, token, founder, 'multicall', [[deposit, deposit]], 7n);
    expect(await getBalance(chain, token.address)).toBe(207n);
  });

  it('takes a snapshot without a snapshot() frame', async () => {
    await passTime(chain, 2);
    const receipt = await send(chain, token, alice, 'distributeAndSnapshot', [], 93n);
    expect(receipt.logs.map((log) => log.topics[0])).toEqual([SNAPSHOT_TOPIC]);
    expect(await frames(chain, receipt.transactionHash)).toHaveLength(1);
    expect(await read(token, 'claimableRevenue', founder, 2n)).toBe(80n);
  });
});

describe('the bench token', () => {
  it('makes a hundred transfers in one transaction and loses no token', async () => {
    const supply = 10n ** 27n;
    const token = await deployWindowed(chain, 'RevShareBench', {
      ...common,
      supply,
      from: founder,
      snapshotInterval: 1,
    });
    await send(chain, token, founder, 'benchDistribute', [0n, 20n]);
    const data = encodeCall(token, 'benchTransfers', [1n, 100n, 20n]);
    const receipt = await execute(chain, {
      from: founder,
      to: token.address,
      data,
      gas: 10_000_000n,
    });
    expect(receipt.logs).toHaveLength(100);
    let sum = await read(token, 'balanceOf', founder);
    for (let index = 0n; index < 20n; index += 1n) {
      const holder = await readContract<string>(chain, token, 'benchHolder', [index]);
      sum += await read(token, 'balanceOf', holder);
    }
    expect(sum).toBe(supply);
  });
});

describe('tokens that are not revenue tokens', () => {
  it('lack the getters, or have one that reverts', async () => {
    const options = { ...common, from: founder };
    const plain = await deployOtherToken(chain, 'PlainToken', options);
    const half = await deployOtherToken(chain, 'HalfRevenueToken', options);
    expect(await read(plain, 'totalSupply')).toBe(1000n);
    expect(await revertReason(chain, half, 'percentClaimable', [])).toBe(
      'percentage was never set',
    );
    await send(chain, half, founder, 'claim', [1n]);
    expect(half.interface.getFunction('burn')).toBeNull();
    expect(plain.interface.getFunction('snapshot')).toBeNull();
  });
});
