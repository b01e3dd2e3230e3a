// SPDX-License-Identifier: GPL-3.0-or-later
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActors } from '../../devnet/actors.js';
import { type Anvil, startAnvil } from '../../devnet/anvil.js';
import { getBalance, mineBlocks } from '../../devnet/chain.js';
import {
  type DeployedContract,
  deployReference,
  deployWindowed,
  readContract,
} from '../../devnet/deploy.js';
import { passTime, pay, revertReason, send, storage } from './support.js';

let chain: Anvil;
let founder: string;
let alice: string;
let payer: string;

beforeAll(async () => {
  chain = await startAnvil();
  [founder = '', alice = '', payer = ''] = await createActors(chain, 'contracts test', 3);
});
afterAll(() => chain.stop());

const read = (token: DeployedContract, name: string, ...args: unknown[]) =>
  readContract(chain, token, name, args);

const common = { name: 'Test', symbol: 'TST', supply: 1000n, percentClaimable: 33 };

describe('the reference variant (docs/domain.md#reference)', () => {
  let token: DeployedContract;

  it('redeems from new revenue with the first term floored twice', async () => {
    token = await deployReference(chain, { ...common, from: founder });
    await send(chain, token, founder, 'transfer', [alice, 7n]);
    await pay(chain, payer, token.address, 1001n);
    // 10 * 1001 * 67 // 100 // 1000 = 6706 // 1000
    expect(await read(token, 'redeemableOnBurn', 10n)).toBe(6n);
    await send(chain, token, founder, 'burn', [10n]);
    expect(await getBalance(chain, token.address)).toBe(995n);
    expect(await storage(chain, token, 14)).toBe(6n);
    expect(await read(token, 'totalSupply')).toBe(990n);
  });

  it('takes a snapshot only when more than 1000 blocks passed', async () => {
    const deployed = token.deploymentBlock;
    const now = Number(await chain.rpc.call<string>('eth_blockNumber'));
    await mineBlocks(chain, deployed + 999 - now);
    const early = send(chain, token, payer, 'snapshot');
    await expect(early).rejects.toThrow('reverted');
    await send(chain, token, payer, 'snapshot');
    // x = 1001 * 33 // 100; K = 1001 - 330 - 6
    expect(await storage(chain, token, 10, 1n)).toBe(330n);
    expect(await storage(chain, token, 12)).toBe(330n);
    expect(await storage(chain, token, 13)).toBe(665n);
    expect(await storage(chain, token, 14)).toBe(0n);
    await expect(send(chain, token, payer, 'snapshot')).rejects.toThrow('reverted');
  });

  it('pays a claim once, and 0 is claimable after it', async () => {
    // 7 * 330 // 990
    expect(await read(token, 'claimableRevenue', alice, 1n)).toBe(2n);
    await send(chain, token, alice, 'claim', [1n]);
    expect(await read(token, 'claimableRevenue', alice, 1n)).toBe(0n);
    expect(await storage(chain, token, 11, 1n, alice)).toBe(1n);
    expect(await storage(chain, token, 12)).toBe(328n);
    await expect(send(chain, token, alice, 'claim', [1n])).rejects.toThrow('reverted');
  });

  it('uses balances of the snapshot, keeps it open, and keeps the dust', async () => {
    await send(chain, token, founder, 'transfer', [payer, 983n]);
    await mineBlocks(chain, 1001);
    await pay(chain, payer, token.address, 3n);
    await send(chain, token, payer, 'snapshot');
    // 983 * 330 // 990, and nothing of 3 * 33 // 100
    expect(await read(token, 'claimableRevenue', founder, 1n)).toBe(327n);
    expect(await storage(chain, token, 10, 2n)).toBe(0n);
    await expect(send(chain, token, founder, 'claimBatch', [[1n, 2n]])).rejects.toThrow();
    await send(chain, token, founder, 'claimBatch', [[1n]]);
    expect(await storage(chain, token, 12)).toBe(1n);
    expect(await storage(chain, token, 13)).toBe(668n);
    expect(await getBalance(chain, token.address)).toBe(669n);
  });

  it('reverts for ids that were never taken', async () => {
    const reason = (id: bigint) => revertReason(chain, token, 'claimableRevenue', [alice, id]);
    expect(await reason(0n)).toBe('ERC20Snapshot: id is 0');
    expect(await reason(3n)).toBe('ERC20Snapshot: nonexistent id');
  });

  it('divides by zero when nothing is left to share among', async () => {
    const tiny = await deployReference(chain, { ...common, supply: 7n, from: founder });
    await send(chain, tiny, founder, 'burn', [7n]);
    expect(await revertReason(chain, tiny, 'redeemableOnBurn', [0n])).toBe('Panic 0x12');
  });

  it('counts what was paid with calldata and what came with its creation', async () => {
    const valueWei = 10n;
    const funded = await deployReference(chain, { ...common, from: founder, valueWei });
    await send(chain, funded, payer, 'deposit', ['0x1234'], 5n);
    expect(await read(funded, 'redeemableOnBurn', 1000n)).toBe(10n); // 15 * 67 // 100
  });
});

describe('the windowed variant (docs/domain.md#windowed)', () => {
  let token: DeployedContract;
  const newSnapshot = async () => {
    await passTime(chain, 101);
    await send(chain, token, payer, 'snapshot');
  };
  const claimable = (id: bigint) => read(token, 'claimableRevenue', alice, id);
  const reason = (id: bigint) => revertReason(chain, token, 'claimableRevenue', [alice, id]);

  it('redeems from new revenue after flooring the percentage alone', async () => {
    const options = { ...common, supply: 4n, from: founder, valueWei: 2n, snapshotInterval: 1 };
    const windowed = await deployWindowed(chain, 'RevShareWindowedSeconds', options);
    const reference = await deployReference(chain, options);
    expect(await read(windowed, 'redeemableOnBurn', 3n)).toBe(0n); // 3 * (134 // 100) // 4
    expect(await read(reference, 'redeemableOnBurn', 3n)).toBe(1n); // 3 * 134 // 100 // 4
  });

  it('assigns p % of new revenue and keeps the rest for burns', async () => {
    token = await deployWindowed(chain, 'RevShareWindowedSeconds', {
      ...common,
      from: founder,
      snapshotInterval: 100,
    });
    await send(chain, token, founder, 'transfer', [alice, 100n]);
    await pay(chain, payer, token.address, 1001n);
    await send(chain, token, founder, 'burn', [10n]); // 10 * (1001 * 67 // 100) // 1000
    expect(await storage(chain, token, 18)).toBe(6n);
    await expect(send(chain, token, payer, 'snapshot')).rejects.toThrow('reverted');
    await newSnapshot();
    expect(await storage(chain, token, 14, 1n)).toBe(330n);
    expect(await storage(chain, token, 17)).toBe(665n);
    expect(await storage(chain, token, 18)).toBe(0n);
    expect(await reason(0n)).toBe('ERC20Snapshot: id is 0');
  });

  it('pays a claim once and reverts after it', async () => {
    expect(await claimable(1n)).toBe(33n); // 100 * 330 // 990
    await send(chain, token, alice, 'claim', [1n]);
    expect(await storage(chain, token, 15, 1n)).toBe(33n);
    expect(await storage(chain, token, 16, 1n, alice)).toBe(1n);
    expect(await reason(1n)).toBe('already claimed');
    expect(await reason(2n)).toBe('Panic 0x11');
  });

  it('gives unclaimed revenue back to all holders two snapshots later', async () => {
    await pay(chain, payer, token.address, 100n);
    await newSnapshot();
    await pay(chain, payer, token.address, 1n);
    await newSnapshot();
    expect(await storage(chain, token, 14, 2n)).toBe(33n);
    expect(await storage(chain, token, 14, 3n)).toBe(297n); // 1 * 33 // 100 + 330 - 33
    expect(await storage(chain, token, 17)).toBe(733n); // 665 + 67 + 1
    expect(await getBalance(chain, token.address)).toBe(1063n); // 33 + 297 + 733
    expect(await claimable(2n)).toBe(3n);
    expect(await claimable(3n)).toBe(30n);
    expect(await reason(1n)).toBe('already claimed');
    expect(await reason(0n)).toBe('snapshot unclaimable');
    expect(await revertReason(chain, token, 'claimableRevenue', [founder, 1n])).toBe(
      'snapshot unclaimable',
    );
  });

  it('pays burns from the pool and leaves open claims to the burner', async () => {
    await send(chain, token, alice, 'burn', [100n]); // 100 * 733 // 990
    expect(await storage(chain, token, 17)).toBe(659n);
    expect(await claimable(3n)).toBe(30n);
    await send(chain, token, alice, 'claimBatch', [[3n, 2n]]);
    expect(await getBalance(chain, token.address)).toBe(956n); // 1063 - 74 - 30 - 3
  });

  it('returns its parameters by getters', async () => {
    expect(await read(token, 'percentClaimable')).toBe(33n);
    expect(await read(token, 'SNAPSHOT_CLAIMABLE_NUMBER')).toBe(2n);
    expect(await read(token, 'snapshotInterval')).toBe(100n);
    expect(await read(token, 'lastSnapshotTimestamp')).toBe(await storage(chain, token, 13));
  });
});
