// SPDX-License-Identifier: GPL-3.0-or-later
import { keccak256, zeroPadValue } from 'ethers';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createActors } from '../../devnet/actors.js';
import { type Anvil, startAnvil } from '../../devnet/anvil.js';
import { getBalance } from '../../devnet/chain.js';
import {
  creationCode,
  type DeployedContract,
  deployCreator,
  deployReentrantHolder,
  deployRejectingHolder,
  deployRouter,
  deploySelfDestructor,
  deploySplitter,
  deployWindowed,
  encodeCall,
  readContract,
} from '../../devnet/deploy.js';
import { frames, passTime, pay, send, storage } from './support.js';

let chain: Anvil | undefined;
let founder: string;
let token: DeployedContract;

const balanceWei = (address: string) => getBalance(node(), address);
function node(): Anvil {
  if (chain === undefined) throw new Error('the chain was not started');
  return chain;
}

beforeEach(async () => {
  chain ??= await startAnvil();
  [founder = ''] = await createActors(chain, 'payers test', 1);
  token = await deployWindowed(chain, 'RevShareWindowedSeconds', {
    name: 'Paid',
    symbol: 'PAID',
    supply: 1000n,
    percentClaimable: 100,
    snapshotInterval: 1,
    from: founder,
  });
});
afterAll(() => node().stop());

describe('the router', () => {
  const step = (data: string, value = 0n, mayFail = false, target = token.address) => ({
    target,
    value,
    data,
    mayFail,
  });

  it('pays in, takes a snapshot, pays again, claims and burns in one transaction', async () => {
    const router = await deployRouter(node(), { from: founder });
    await send(node(), token, founder, 'transfer', [router.address, 1000n]);
    await passTime(node(), 2);
    const steps = [
      step('0x', 10n),
      step(encodeCall(token, 'snapshot')),
      step('0x', 5n),
      step(encodeCall(token, 'claim', [1n])),
      step(encodeCall(token, 'burn', [500n])),
    ];
    await send(node(), router, founder, 'execute', [steps], 15n);
    expect(await balanceWei(router.address)).toBe(10n);
    expect(await balanceWei(token.address)).toBe(5n);
    expect(await storage(node(), token, 14, 1n)).toBe(10n);
  });

  it('swallows failures, so that frames of undone receipts remain in the trace', async () => {
    const router = await deployRouter(node(), { from: founder });
    const undone = [
      step('0x', 7n),
      step(encodeCall(router, 'alwaysRevert'), 0n, false, router.address),
    ];
    const steps = [
      step(encodeCall(router, 'execute', [undone]), 7n, true, router.address),
      step('0x', 3n),
    ];
    const receipt = await send(node(), router, founder, 'execute', [steps], 10n);
    expect(await balanceWei(token.address)).toBe(3n);
    const trace = await frames(node(), receipt.transactionHash);
    expect(trace.filter((frame) => frame.to === token.address)).toHaveLength(2);
    await expect(send(node(), router, founder, 'execute', [undone], 7n)).rejects.toThrow();
  });

  it('does not change the token by delegate and static calls', async () => {
    const router = await deployRouter(node(), { from: founder });
    await passTime(node(), 2);
    const snapshot = encodeCall(token, 'snapshot');
    const deposit = encodeCall(token, 'deposit', ['0x']);
    await send(node(), router, founder, 'executeDelegate', [token.address, deposit, false], 4n);
    await send(node(), router, founder, 'executeDelegate', [token.address, snapshot, false]);
    await send(node(), router, founder, 'executeStatic', [token.address, snapshot, true]);
    expect(await balanceWei(token.address)).toBe(0n);
    expect(await storage(node(), token, 12)).toBe(0n);
  });
});

describe('holders that are contracts', () => {
  it('re-enter from their payment, in the order of their queue', async () => {
    const holder = await deployReentrantHolder(node(), { from: founder });
    await send(node(), token, founder, 'transfer', [holder.address, 400n]);
    for (const revenue of [1000n, 500n]) {
      await pay(node(), founder, token.address, revenue);
      await passTime(node(), 2);
      await send(node(), token, founder, 'snapshot');
    }
    const step = (data: string, value = 0n, propagate = true) => ({
      target: token.address,
      value,
      data,
      propagate,
      pause: false,
    });
    const steps = [
      step(encodeCall(token, 'claim', [1n]), 0n, false), // claimed already: it fails, caught
      step(encodeCall(token, 'claim', [2n])),
      step('0x', 50n),
    ];
    await send(node(), holder, founder, 'program', [token.address, steps]);
    const claim = encodeCall(token, 'claim', [1n]);
    await send(node(), holder, founder, 'run', [token.address, 0n, claim]);
    expect(await balanceWei(holder.address)).toBe(550n); // 400 + 200 - 50
    expect(await balanceWei(token.address)).toBe(950n);
    expect(await readContract(node(), holder, 'next')).toBe(3n);
  });

  it('may let a failure undo the payment, or leave steps for the next one', async () => {
    const holder = await deployReentrantHolder(node(), { from: founder });
    await send(node(), token, founder, 'transfer', [holder.address, 400n]);
    const burn = encodeCall(token, 'burn', [1n]);
    const step = { target: token.address, value: 0n, data: burn, propagate: true, pause: true };
    await send(node(), holder, founder, 'program', [token.address, [step, step]]);
    await send(node(), holder, founder, 'run', [token.address, 0n, burn]);
    // The burn inside the first payment is paid too, and that payment works off the second step.
    expect(await readContract(node(), token, 'balanceOf', [holder.address])).toBe(397n);
    const bad = { ...step, data: encodeCall(token, 'snapshot'), value: 1n };
    await send(node(), holder, founder, 'program', [token.address, [bad]]);
    const failing = send(node(), holder, founder, 'run', [token.address, 0n, burn]);
    await expect(failing).rejects.toThrow('reverted');
  });

  it('may refuse to be paid, which reverts the claim and the burn', async () => {
    const holder = await deployRejectingHolder(node(), { from: founder });
    await send(node(), token, founder, 'transfer', [holder.address, 400n]);
    const burn = send(node(), holder, founder, 'run', [
      token.address,
      encodeCall(token, 'burn', [1n]),
    ]);
    await expect(burn).rejects.toThrow('reverted');
    const paidIn = encodeCall(token, 'deposit', ['0x']);
    await send(node(), holder, founder, 'run', [token.address, paidIn], 9n);
    expect(await balanceWei(token.address)).toBe(9n);
  });
});

describe('other ways for money to arrive', () => {
  it('money arrives by a self-destruct, inside a creation or later', async () => {
    const options = { from: founder, valueWei: 11n };
    await deploySelfDestructor(node(), { ...options, beneficiary: token.address });
    expect(await balanceWei(token.address)).toBe(11n);
    const later = await deploySelfDestructor(node(), options);
    await send(node(), later, founder, 'destroy', [token.address], 5n);
    expect(await balanceWei(token.address)).toBe(27n);
  });

  it('money arrives through a splitter, evenly or by amounts', async () => {
    const receivers = [token.address, `0x${'11'.repeat(20)}`, `0x${'22'.repeat(20)}`];
    const splitter = await deploySplitter(node(), receivers, { from: founder });
    await pay(node(), founder, splitter.address, 11n);
    expect(await balanceWei(token.address)).toBe(5n); // 3 and the remainder 2
    await send(node(), splitter, founder, 'split', [[token.address], [8n]], 8n);
    expect(await balanceWei(token.address)).toBe(13n);
  });

  it('money arrives before and with the creation of the token', async () => {
    const creator = await deployCreator(node(), { from: founder });
    const initCode = creationCode('RevShareReference', ['Made', 'MADE', 100n, 50]);
    const salt = zeroPadValue('0x01', 32);
    const predicted = await readContract<string>(node(), creator, 'predict', [
      salt,
      keccak256(initCode),
    ]);
    await pay(node(), founder, predicted, 3n);
    const receipt = await send(node(), creator, founder, 'create', [salt, initCode], 4n);
    const trace = await frames(node(), receipt.transactionHash);
    expect(trace.map((frame) => frame.type)).toEqual(['CALL', 'CREATE2']);
    expect(await balanceWei(predicted)).toBe(7n);
    await send(node(), creator, founder, 'transfer', [predicted, founder, 100n]);
  });
});
