// SPDX-License-Identifier: GPL-3.0-or-later
import { setTimeout as delay } from 'node:timers/promises';
import type { Chain } from './anvil.js';
import { BlockMaker } from './blocks.js';
import type { TransactionReceipt } from './chain.js';
import { drawOperations, tipSomeToken } from './livingOperations.js';
import { drawRevenue, type Offering, play, type Stage, takeSnapshot } from './offering.js';
import type { OfferingToken } from './offeringContracts.js';
import { SeededRandom } from './random.js';
import { TokenBook } from './tokenBook.js';

export interface KeepLivingOptions {
  seed: number | bigint | string;
  /** Default 3. */
  operationsPerBlock?: number;
  /** From one block to the next. Default 1. */
  secondsPerBlock?: number;
  /** Ends it, after the block that is being made. */
  signal: AbortSignal;
  /** Called after each block. */
  onBlock?: (block: { operations: number; reverted: number; snapshotOf?: string }) => void;
}

/** Number of blocks between checks for a due snapshot. */
const BLOCKS_PER_LOOK = 30;
const BLOCKS_PER_TIP = 50;

/**
 * Continues the chain of an offering, a block every few seconds, until the signal aborts, with everything
 * that its story has (transfers, requests and results, mints, trades, revenue, claims, burns) and
 * an occasional snapshot. For tokens that count seconds the chain's clock leaps
 * over the interval, and so runs ahead of real time; the others wait for their blocks. Reverted
 * operations are part of life.
 * @throws RpcTransportError when the node is gone before the signal aborts.
 */
export async function keepLiving(
  chain: Chain,
  offering: Offering,
  { seed, operationsPerBlock = 3, secondsPerBlock = 1, signal, onBlock }: KeepLivingOptions,
): Promise<void> {
  const blocks = await BlockMaker.takeOver(chain);
  try {
    const random = new SeededRandom(`living ${seed}`);
    const stage = await wakeUp(chain, offering, { random, blocks });
    const snapshots = new SnapshotTurns(stage);

    for (let count = 1; !signal.aborted; count += 1) {
      const began = performance.now();
      // A reader of the chain may mine too: the next block is later than that of the reader.
      await blocks.catchUp();
      const token = count % BLOCKS_PER_LOOK === 0 ? snapshots.next(count) : undefined;
      if (token !== undefined) {
        const receipts = await snapshots.take(token, count);
        onBlock?.({ ...summary(receipts), snapshotOf: token.symbol });
      } else if (count % BLOCKS_PER_TIP === 0) {
        onBlock?.(summary(await tipSomeToken(stage)));
      } else {
        const operations = await drawOperations(stage, operationsPerBlock);
        onBlock?.(summary(await play(stage, operations, 1)));
      }
      const spent = performance.now() - began;
      await delay(Math.max(0, 1_000 * secondsPerBlock - spent), undefined, { signal });
    }
  } catch (cause) {
    if (!signal.aborted) throw cause;
  }
  // The node may have been stopped together with us.
  await blocks.handBack().catch(() => undefined);
}

/** The stage of an offering after its story: the same places, with new dice and blocks. */
export async function wakeUp(
  chain: Chain,
  offering: Offering,
  alive: { random: SeededRandom; blocks: BlockMaker },
): Promise<Stage> {
  const book = await TokenBook.open(
    chain,
    offering.tokens.map(({ address }) => address),
  );
  const places = {
    ...offering,
    oracles: { ...offering.oracles, ...alive },
    collections: { ...offering.collections, ...alive },
    sales: { ...offering.sales, ...alive },
  };
  return { offering: places, ...alive, book, claimed: new Set(offering.claimed) };
}

/** Whose snapshot is next. Blocks are counted from the beginning of keepLiving(). */
class SnapshotTurns {
  readonly #stage: Stage;
  readonly #dueAt = new Map<OfferingToken, number>();
  #turn = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** The token whose turn it is, unless it is known to have to wait. */
  next(block: number): OfferingToken | undefined {
    const { tokens } = this.#stage.offering;
    const token = tokens[this.#turn % tokens.length];
    this.#turn += 1;
    return token !== undefined && block >= (this.#dueAt.get(token) ?? 0) ? token : undefined;
  }

  async take(token: OfferingToken, block: number): Promise<TransactionReceipt[]> {
    const stage = this.#stage;
    const { snapshotInterval, intervalUnit } = token;
    const seconds = intervalUnit === 'seconds' ? snapshotInterval + 1 : 1;
    const transactions = [drawRevenue(stage, token), takeSnapshot(stage, token)];
    const receipts = await play(stage, transactions, seconds);
    if (intervalUnit === 'blocks') {
      const taken = receipts.at(-1)?.status === '0x1';
      this.#dueAt.set(
        token,
        block + Math.ceil(taken ? snapshotInterval + 1 : snapshotInterval / 4),
      );
    }
    return receipts;
  }
}

function summary(receipts: readonly { status: string }[]) {
  const reverted = receipts.filter(({ status }) => status !== '0x1').length;
  return { operations: receipts.length, reverted };
}
