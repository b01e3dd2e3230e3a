// SPDX-License-Identifier: GPL-3.0-or-later
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Anvil, startAnvil } from '../../devnet/anvil.js';
import { getBalance } from '../../devnet/chain.js';
import { readContract } from '../../devnet/deploy.js';
import {
  createWorld,
  type OperationReport,
  runOperations,
  type World,
} from '../../devnet/randomOperations.js';

const OPERATIONS = 150;
/** Enough for a chain of its own. */
const FEW_OPERATIONS = 20;
const genesisTimestamp = 1_700_000_000;
const chains: Anvil[] = [];

interface Run {
  chain: Anvil;
  world: World;
  report: OperationReport;
  head: { hash: string; stateRoot: string };
}

async function run(seed: number, operations = OPERATIONS): Promise<Run> {
  const chain = await startAnvil({ genesisTimestamp });
  chains.push(chain);
  const world = await createWorld(chain, { seed });
  const report = await runOperations(world, operations);
  const head = await chain.rpc.call<Run['head']>('eth_getBlockByNumber', ['latest', false]);
  return { chain, world, report, head };
}

let first: Run;
beforeAll(async () => {
  first = await run(7641);
});
afterAll(() => Promise.all(chains.map((chain) => chain.stop())));

describe('a run of random operations', () => {
  it('is the same chain, block by block, for the same seed', async () => {
    const second = await run(7641);
    expect(second.head.stateRoot).toBe(first.head.stateRoot);
    expect(second.head.hash).toBe(first.head.hash);
    expect(second.report).toEqual(first.report);
  });

  it('is another chain for another seed', async () => {
    const [one, other] = [await run(1, FEW_OPERATIONS), await run(2, FEW_OPERATIONS)];
    expect(other.head.stateRoot).not.toBe(one.head.stateRoot);
  });

  it('performs as many operations as it was asked for, and counts what became of them', () => {
    const { operations, transactions, byKind } = first.report;
    expect(operations).toBe(OPERATIONS);
    expect(transactions.reverted).toBeGreaterThan(0);
    expect(transactions.succeeded).toBeGreaterThan(transactions.reverted);
    expect(Object.keys(byKind)).toEqual(
      expect.arrayContaining(['claim', 'burn', 'snapshot', 'receipt', 'bundle', 'reentrant']),
    );
    expect(byKind.revertedBundle?.succeeded ?? 0).toBe(0);
  });

  it('knows every holder: their balances add up to the supply', async () => {
    const { chain, world, report } = first;
    for (const { contract } of world.tokens) {
      let sum = 0n;
      for (const holder of report.holders[contract.address] ?? []) {
        const balance = await readContract(chain, contract, 'balanceOf', [holder]);
        expect(balance).toBe(world.book.balanceOf(contract.address, holder));
        sum += balance;
      }
      expect(sum).toBe(await readContract(chain, contract, 'totalSupply'));
    }
  });

  it('says where money came without a call frame, and how much', async () => {
    const { chain, report } = first;
    expect(report.untraced.length).toBeGreaterThan(0);
    for (const { token, blockNumber, amountWei } of report.untraced) {
      const before = await getBalance(chain, token, blockNumber - 1);
      expect(await getBalance(chain, token, blockNumber)).toBe(before + amountWei);
    }
  });

  it('takes snapshots of every token', () => {
    const { world } = first;
    for (const { contract } of world.tokens) {
      expect(world.book.lastSnapshotId(contract.address)).toBeGreaterThan(0n);
    }
  });
});
