// SPDX-License-Identifier: GPL-3.0-or-later
import type { TransactionRequest } from './chain.js';
import { encodeCall } from './deploy.js';
import { type Action, actAs, routerBundle } from './holder.js';
import { drawPaying, drawSettling, lastDeposit } from './saleActions.js';
import type { LivingSale, SaleWorld } from './saleWorld.js';

export { createSaleWorld, type SaleWorld } from './saleWorld.js';

export interface SaleLifeReport {
  transactions: number;
  reverted: number;
  firstBlock: number;
  lastBlock: number;
}

export interface SaleLifeOptions {
  /** Transactions while the sales are open, and again so many when they are over. */
  transactions: number;
  onProgress?: (done: number, of: number) => void;
}

const TRANSACTIONS_PER_BLOCK = 6;
const BUNDLE_STEPS = 4;

/**
 * Lives the sales of a world from their first deposit to their last refund: deposits,
 * purchases and trades in any number of transactions, by contracts and for others, with
 * reverted ones among them; deposits in the last second and in the first one after it; then
 * claims, refunds and finalisations in any order. The same seed of the world and the same
 * counts give the same chain.
 */
export async function liveSales(
  world: SaleWorld,
  { transactions, onProgress }: SaleLifeOptions,
): Promise<SaleLifeReport> {
  const { blocks, endTime } = world;
  const tally = { transactions: 0, reverted: 0 };
  const firstBlock = 1 + (await blockNumber(world));
  const mine = async (requests: readonly TransactionRequest[], timestamp?: number) => {
    const seconds = timestamp === undefined ? undefined : timestamp - blocks.timestamp;
    const receipts = await blocks.mine(requests, seconds);
    tally.transactions += receipts.length;
    tally.reverted += receipts.filter(({ status }) => status !== '0x1').length;
    onProgress?.(Math.min(tally.transactions, 2 * transactions), 2 * transactions);
  };
  const many = (draw: typeof drawPaying) => async (count: number) => {
    for (let left = count; left > 0; ) {
      const size = Math.min(left, world.random.integer(1, TRANSACTIONS_PER_BLOCK));
      await mine(await drawTransactions(world, size, draw));
      left -= size;
    }
  };

  await many(drawPaying)(transactions);
  await mine(await lastDeposits(world), endTime - 2);
  // The last second of the window, and the first after it: the same deposits, two fates.
  await mine(await drawTransactions(world, TRANSACTIONS_PER_BLOCK, drawInTime), endTime - 1);
  await mine(await drawTransactions(world, TRANSACTIONS_PER_BLOCK, drawPaying), endTime);
  await many(settling)(transactions);
  return { ...tally, firstBlock, lastBlock: await blockNumber(world) };
}

/**
 * Transactions that fit the moment: payments while the sales are open, else claims, refunds
 * and finalisations. For lives in which other things happen between them.
 */
export function drawSaleTransactions(
  world: SaleWorld,
  count: number,
): Promise<TransactionRequest[]> {
  const isOpen = world.blocks.timestamp < world.endTime;
  return drawTransactions(world, count, isOpen ? drawPaying : settling);
}

async function settling(...of: Parameters<typeof drawSettling>): Promise<Action> {
  return drawSettling(...of);
}

/** A sale that is to end exactly at its target has had its last deposit. */
async function drawInTime(world: SaleWorld, sale: LivingSale, holder: LivingHolder) {
  return sale.fate === 'exact'
    ? drawSettling(world, sale, holder)
    : drawPaying(world, sale, holder);
}

type LivingHolder = SaleWorld['participants'][number];

async function lastDeposits(world: SaleWorld): Promise<TransactionRequest[]> {
  const exact = world.sales.filter(({ fate }) => fate === 'exact');
  const [holder] = world.participants;
  if (holder === undefined) return [];
  return Promise.all(exact.map(async (sale) => actAs(holder, await lastDeposit(world, sale))));
}

async function drawTransactions(
  world: SaleWorld,
  count: number,
  draw: typeof drawPaying,
): Promise<TransactionRequest[]> {
  const drawn: TransactionRequest[] = [];
  while (drawn.length < count) {
    const { random, participants, sales } = world;
    if (random.chance(12)) drawn.push(await drawBundle(world, draw));
    else {
      const holder = random.pick(participants);
      drawn.push(actAs(holder, await draw(world, random.pick(sales), holder)));
    }
  }
  return drawn;
}

/** The router does several things in one transaction; some fail, some are undone together. */
async function drawBundle(world: SaleWorld, draw: typeof drawPaying): Promise<TransactionRequest> {
  const { random, router, participants, sales } = world;
  const holder = participants.find(({ kind }) => kind === 'router');
  const operator = holder?.kind === 'router' ? holder.operator : '';
  const steps: Action[] = [];
  while (steps.length < BUNDLE_STEPS) {
    steps.push(await draw(world, random.pick(sales), holder ?? random.pick(participants)));
  }
  const undone = random.chance(25);
  const revert = encodeCall(router, 'alwaysRevert');
  const last = { target: router.address, data: revert, valueWei: 0n, mayFail: !undone };
  return routerBundle(router, operator, [
    ...steps.map((step) => ({ ...step, mayFail: true })),
    last,
  ]);
}

async function blockNumber({ chain }: SaleWorld): Promise<number> {
  return Number(await chain.rpc.call<string>('eth_blockNumber'));
}
