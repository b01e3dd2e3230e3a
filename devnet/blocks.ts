// SPDX-License-Identifier: GPL-3.0-or-later
import type { Chain } from './anvil.js';
import {
  latestBlock,
  mineBlock,
  mineBlocks,
  sendTransaction,
  setAutomine,
  type TransactionReceipt,
  type TransactionRequest,
} from './chain.js';

/** Seconds from one block to the next where nothing else is said. */
export const BLOCK_SECONDS = 12;

/**
 * Makes the blocks of a chain one by one, with timestamps that depend on nothing but the
 * calls: the same calls give the same chain.
 */
export class BlockMaker {
  readonly #chain: Chain;
  #timestamp: number;

  private constructor(chain: Chain, timestamp: number) {
    this.#chain = chain;
    this.#timestamp = timestamp;
  }

  /** Takes over the mining of the chain, from its newest block on. */
  static async takeOver(chain: Chain): Promise<BlockMaker> {
    await setAutomine(chain, false);
    // Also for blocks that others ask for, as the deployments do.
    await chain.rpc.call('anvil_setBlockTimestampInterval', [BLOCK_SECONDS]);
    const { timestamp } = await latestBlock(chain);
    return new BlockMaker(chain, timestamp);
  }

  /** Hands mining back to the node: each transaction at once, at the time of its clock. */
  async handBack(): Promise<void> {
    await this.#chain.rpc.call('anvil_removeBlockTimestampInterval');
    await setAutomine(this.#chain, true);
  }

  /** Timestamp of the newest block that was made here, unix seconds. */
  get timestamp(): number {
    return this.#timestamp;
  }

  /** Notices blocks that were made by others, as by the deploy functions. */
  async catchUp(): Promise<void> {
    this.#timestamp = (await latestBlock(this.#chain)).timestamp;
  }

  /**
   * Mines the transactions in this order in one block.
   * @returns Their receipts, reverted ones too, in the same order.
   */
  async mine(
    transactions: readonly TransactionRequest[],
    seconds = BLOCK_SECONDS,
  ): Promise<TransactionReceipt[]> {
    // One after the other: the order of arrival is the order in the block.
    for (const transaction of transactions) await sendTransaction(this.#chain, transaction);
    this.#timestamp += seconds;
    await mineBlock(this.#chain, this.#timestamp);
    if (transactions.length === 0) return [];
    return this.#chain.rpc.call<TransactionReceipt[]>('eth_getBlockReceipts', ['latest']);
  }

  /** Mines many empty blocks. */
  async skip(count: number, secondsBetween = BLOCK_SECONDS): Promise<void> {
    // While a spacing is set, the node ignores the one that anvil_mine is given.
    await this.#setSpacing(secondsBetween);
    await mineBlocks(this.#chain, count, secondsBetween);
    await this.#setSpacing(BLOCK_SECONDS);
    this.#timestamp += count * secondsBetween;
  }

  async #setSpacing(seconds: number): Promise<void> {
    await this.#chain.rpc.call('anvil_setBlockTimestampInterval', [seconds]);
  }
}
