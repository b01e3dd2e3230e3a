// SPDX-License-Identifier: GPL-3.0-or-later
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { id } from 'ethers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Anvil } from '../../devnet/anvil.js';
import { latestBlock } from '../../devnet/chain.js';
import { type DeployedContract, readContract } from '../../devnet/deploy.js';
import {
  buildOffering,
  keepLiving,
  type Offering,
  offeringLifeSeconds,
} from '../../devnet/life.js';
import { OFFERING_MODELS } from '../../devnet/offeringModels.js';
import { TokenBook } from '../../devnet/tokenBook.js';
import { parseConfig } from '../../src/config/load.js';
import { startAnvil } from '../support/nodes/anvil.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { frames } from './support.js';

const RESULT_TOPIC = id('AICallbackResult(address,uint256,address,bytes)');
const REDEEM_TOPIC = id('Redeem(address,uint256,uint256)');
const SELL_TOPIC = id('Sell(address,uint256,uint256,uint256)');

/** An offering that has lived on a chain, and the progress of its making. */
export interface LivedOffering {
  readonly anvil: Anvil;
  readonly offering: Offering;
  readonly seed: number;
  readonly genesisTimestamp: number;
  /** Percent of the making, in the order of the reports. */
  readonly told: readonly number[];
}

/** Claims about any offering that `buildOffering` makes. The last adds two blocks to the chain. */
export function describeLife(world: () => LivedOffering): void {
  describe('the life of an offering', () => {
    let chain: Anvil;
    let offering: Offering;
    let book: TokenBook;
    beforeAll(async () => {
      ({ anvil: chain, offering } = world());
      const addresses = offering.tokens.map(({ address }) => address);
      book = await TokenBook.open(chain, addresses);
    });

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
        const amounts = await Promise.all(
          offering.holders.map(({ address }) => claimable(address)),
        );
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

    it('sells by a launchpad that is oversubscribed, and most take tokens and refund', async () => {
      const { launchpad, participants } = offering.sales;
      const view = (name: string, ...args: string[]) =>
        readContract(chain, launchpad.contract, name, args);
      expect(await view('totalRaised')).toBeGreaterThan(await view('target'));
      expect(await view('finalized')).toBe(true);
      const settled = await Promise.all(
        participants.map(async ({ address }) => {
          const [deposited, claimed] = [
            await view('depositOf', address),
            await view('claimedOf', address),
          ];
          return [deposited, claimed, await view('refundedOf', address)].map(
            (amount) => amount > 0n,
          );
        }),
      );
      const count = (wanted: string) => settled.filter((flags) => `${flags}` === wanted).length;
      expect(count('true,true,true')).toBeGreaterThan(15);
      // Some are late.
      expect(count('true,false,false')).toBeGreaterThan(0);
    });

    it('lists its tokens: a pool that was closed and redeemed, one that is open, a fixed price', async () => {
      const contract = (label: string) => {
        const sale = offering.sales.sales.find((candidate) => candidate.label === label);
        if (sale === undefined) throw new Error(`no sale ${label}`);
        return sale.contract;
      };
      const closed = contract('Meridian listing pool');
      const open = contract('Atelier listing pool');
      expect(await readContract(chain, closed, 'closed')).toBe(true);
      expect((await logsOf(chain, closed.address, REDEEM_TOPIC)).length).toBeGreaterThan(5);
      expect((await logsOf(chain, closed.address, SELL_TOPIC)).length).toBeGreaterThan(0);
      expect(await readContract(chain, open, 'closed')).toBe(false);
      expect(await readContract(chain, open, 'totalPurchased')).toBeGreaterThan(0n);
      const fixed = contract('Lexicon open sale');
      expect(await readContract(chain, fixed, 'weiRaised')).toBeGreaterThan(0n);
    });

    it('has models whose terms changed, with results for most requests', async () => {
      const { oracle } = offering.oracles;
      for (const { modelId, feeWei } of OFFERING_MODELS) {
        expect(oracle.models.get(modelId)?.fee).not.toBe(feeWei);
      }
      expect(offering.answered.count).toBeGreaterThan(oracle.requestIds.length / 2);
      expect(offering.answered.count).toBeLessThanOrEqual(oracle.requestIds.length);
      const logs = await logsOf(chain, oracle.contract.address, RESULT_TOPIC);
      expect(logs).toHaveLength(offering.answered.count);
    });

    it('has collections with living tokens of many owners', () => {
      for (const { contract } of offering.collections.collections) {
        const owners = offering.collections.owners.get(contract.address) ?? new Map();
        expect(owners.size).toBeGreaterThan(20);
        expect(new Set(owners.values()).size).toBeGreaterThan(10);
      }
    });

    it('is found whole by init, from the addresses of its tokens alone', async () => {
      const path = join(await temporaryFolder(), 'imo.yaml');
      const named = offering.tokens.map(({ address }) => address);
      const args = ['init', ...named, '--rpc', chain.url, '--config', path, '--no-estimate'];
      const { exitCode } = await runVerbHere(args);
      expect(exitCode).toBe(0);
      const text = await readFile(path, 'utf8');
      const [found] = parseConfig(path, text, {}).chains;
      const addresses = (list: readonly { readonly address: string }[] = []) =>
        list.map(({ address }) => address).sort();
      const { oracles, collections, sales } = offering;
      const deployed = (list: readonly { readonly contract: DeployedContract }[]) =>
        addresses(list.map(({ contract }) => contract));
      expect(addresses(found?.oracles)).toEqual(deployed(oracles.oracles));
      expect(addresses(found?.collections)).toEqual(deployed(collections.collections));
      expect(addresses(found?.sales)).toEqual(deployed(sales.sales));
      const kinds = new Map<string, string>(
        found?.sales.map(({ address, kind }) => [address, kind]),
      );
      for (const { contract, kind } of sales.sales) expect(kinds.get(contract.address)).toBe(kind);
      const comments = text.replace(/\n *# {3}/g, ' ');
      for (const { modelId } of OFFERING_MODELS) {
        expect(comments).toMatch(new RegExp(`receiver of models? [\\d, ]*\\b${modelId}\\b`));
      }
    });

    it('is the same chain again with the same seed', async () => {
      const { seed, genesisTimestamp } = world();
      const again = await startAnvil({ genesisTimestamp });
      try {
        const { lastBlock } = await buildOffering(again, { seed, months: 1 });
        // A shorter life is the beginning of the longer one, but for the two blocks at its end.
        const last = lastBlock - 2;
        expect(last).toBeGreaterThan(1_000);
        expect(await hashOf(again, last)).toBe(await hashOf(chain, last));
      } finally {
        await again.stop();
      }
    });

    it('reports its progress and ends within its announced time', () => {
      const { told, genesisTimestamp } = world();
      expect(told).toEqual([...told].sort((one, other) => one - other));
      expect(told.at(-1)).toBe(100);
      const lived = offering.lastTimestamp - genesisTimestamp;
      expect(lived).toBeLessThanOrEqual(offeringLifeSeconds());
      expect(offering.lastBlock).toBeLessThan(6000);
    });

    it('continues until it is aborted, and leaves the node mining', async () => {
      const controller = new AbortController();
      const blocks: number[] = [];
      const onBlock = ({ operations }: { operations: number }) => {
        blocks.push(operations);
        if (blocks.length === 2) controller.abort();
      };
      const { signal } = controller;
      await keepLiving(chain, offering, {
        seed: world().seed,
        operationsPerBlock: 4,
        signal,
        onBlock,
      });
      expect(blocks).toEqual([4, 4]);
      expect((await latestBlock(chain)).number).toBe(offering.lastBlock + 2);
      expect(await chain.rpc.call('anvil_getAutomine')).toBe(true);
    });
  });
}

async function hashOf({ rpc }: Anvil, block: number): Promise<string> {
  const params = [`0x${block.toString(16)}`, false];
  return (await rpc.call<{ hash: string }>('eth_getBlockByNumber', params)).hash;
}

function logsOf(chain: Anvil, address: string, topic: string): Promise<unknown[]> {
  const filter = { address, topics: [topic], fromBlock: '0x0', toBlock: 'latest' };
  return chain.rpc.call<unknown[]>('eth_getLogs', [filter]);
}
