// SPDX-License-Identifier: GPL-3.0-or-later
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Anvil, startAnvil } from '../../devnet/anvil.js';
import { latestBlock } from '../../devnet/chain.js';
import { readContract } from '../../devnet/deploy.js';
import {
  buildOffering,
  keepLiving,
  OFFERING_LIFE_SECONDS,
  type Offering,
} from '../../devnet/life.js';
import { TokenBook } from '../../devnet/tokenBook.js';
import { frames } from './support.js';

const genesisTimestamp = 1_740_000_000;
let chain: Anvil;
let offering: Offering;
let book: TokenBook;
const told: number[] = [];

beforeAll(async () => {
  chain = await startAnvil({ genesisTimestamp });
  const onProgress = (_: string, percent: number) => told.push(percent);
  offering = await buildOffering(chain, { seed: 1, onProgress });
  book = await TokenBook.open(
    chain,
    offering.tokens.map(({ address }) => address),
  );
}, 120_000);
afterAll(() => chain.stop());

describe('the life of an offering', () => {
  it('leaves at least three snapshots of each token and dozens of holders', () => {
    for (const { address } of offering.tokens) {
      expect(book.lastSnapshotId(address)).toBeGreaterThanOrEqual(3n);
      expect(book.everHeld(address).length).toBeGreaterThan(40);
    }
  });

  it('has holders who claimed the newest snapshot and holders who did not', async () => {
    for (const token of offering.tokens) {
      const last = book.lastSnapshotId(token.address);
      const claimable = (address: string) =>
        readContract(chain, token.contract, 'claimableRevenue', [address, last]).catch(() => 0n);
      const amounts = await Promise.all(offering.holders.map(({ address }) => claimable(address)));
      const open = amounts.filter((amount) => amount > 0n).length;
      expect(open).toBeGreaterThan(5);
      expect(open).toBeLessThan(offering.holders.length - 3);
    }
  });

  it('has one transaction with receipt, snapshot, receipt, claim and burn', async () => {
    const token = offering.tokens.find(({ label }) => label === 'windowed-proxy');
    const logs = await chain.rpc.call<{ transactionHash: string }[]>('eth_getLogs', [
      { address: token?.address, fromBlock: '0x0', toBlock: 'latest' },
    ]);
    const hashes = [...new Set(logs.map(({ transactionHash }) => transactionHash))];
    const calls = await Promise.all(
      hashes.map(async (hash) =>
        (await frames(chain, hash)).filter(
          ({ type, to }) => type === 'CALL' && to === token?.address,
        ),
      ),
    );
    const selectors = calls.map((list) => list.map(({ input }) => input.slice(0, 10)));
    expect(selectors).toContainEqual(['0x', '0x9711715a', '0x', '0x379607f5', '0x42966c68']);
  });

  it('tells its progress and fits its announced time', () => {
    expect(told).toEqual([...told].sort((one, other) => one - other));
    expect(told.at(-1)).toBe(100);
    const lived = offering.lastTimestamp - genesisTimestamp;
    expect(lived).toBeLessThanOrEqual(OFFERING_LIFE_SECONDS);
    expect(offering.lastBlock).toBeLessThan(6000);
  });

  it('goes on until it is aborted, and leaves the node mining by itself', async () => {
    const controller = new AbortController();
    const blocks: number[] = [];
    const onBlock = ({ operations }: { operations: number }) => {
      blocks.push(operations);
      if (blocks.length === 2) controller.abort();
    };
    const { signal } = controller;
    await keepLiving(chain, offering, { seed: 1, operationsPerSecond: 4, signal, onBlock });
    expect(blocks).toEqual([4, 4]);
    expect((await latestBlock(chain)).number).toBe(offering.lastBlock + 2);
    expect(await chain.rpc.call('anvil_getAutomine')).toBe(true);
  });
});
