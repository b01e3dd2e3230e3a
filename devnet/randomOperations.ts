// SPDX-License-Identifier: GPL-3.0-or-later
import { toBeHex } from 'ethers';
import { actAs } from './holder.js';
import { type PlannedOperation, planOperation } from './operationPlan.js';
import { countReceipts, type OperationReport, report, tally } from './operationReport.js';
import { drawAction, drawHolder } from './tokenActions.js';
import { raiseBalance, tipToken } from './untracedMoney.js';
import type { World } from './world.js';

export type { OperationReport } from './operationReport.js';
export { createWorld, type World } from './world.js';

export interface RunOptions {
  /** Called after each block with the number of operations done. */
  onProgress?: (done: number, of: number) => void;
  /**
   * A jump of more than 1000 blocks, which the reference token wants between its snapshots,
   * per so many operations. Default 1500. It takes the node 1 to 4 s and much memory: every
   * block costs a hash of the whole state. In between, the token's own note of its last
   * snapshot is set back instead.
   */
  operationsPerJump?: number;
  /** Blocks that a jump mines. With fewer than all of them, the chain needs as many as a jump has before the world. */
  blocksPerJump?: number;
  /**
   * Changes the state of the chain by transactions alone, for a chain that is followed meanwhile: what a test node
   * changes otherwise shows in a block that was already read. Default: no.
   */
  isTraced?: boolean;
}

const OPERATIONS_PER_BLOCK = 7;
const OPERATIONS_PER_JUMP = 1_500;
const OPERATIONS_PER_REFERENCE_SNAPSHOT = 200;
export const JUMP_BLOCKS = 1001;
const REFERENCE_LAST_SNAPSHOT_SLOT = 9;

/**
 * Performs random operations on the world, several in each block, and leaves nothing pending.
 * Reverted transactions are part of it. The same seed of the world and the same counts give the
 * same chain.
 */
export async function runOperations(
  world: World,
  count: number,
  { onProgress, isTraced = false, ...jumps }: RunOptions = {},
): Promise<OperationReport> {
  const { random, blocks, book } = world;
  const firstBlock = 1 + (await blockNumber(world));
  const byKind: OperationReport['byKind'] = {};
  let done = 0;

  while (done < count) {
    const planned: PlannedOperation[] = [];
    if (!isTraced && (await prepareReferenceSnapshot(world, jumps))) {
      planned.push(...referenceSnapshot(world));
    }
    if (!isTraced && done + planned.length < count && random.chance(8)) {
      done += await performUntraced(world, byKind);
    }
    const room = Math.max(0, Math.min(count - done, random.integer(1, OPERATIONS_PER_BLOCK)));
    while (planned.length < room) planned.push(planOperation(world));

    const transactions = planned.flatMap((operation) => operation.transactions);
    const receipts = await blocks.mine(transactions, drawSeconds(world));
    book.record(receipts);
    countReceipts(byKind, planned, receipts);
    done += planned.length;
    world.schedule.done += planned.length;
    onProgress?.(Math.min(done, count), count);
  }
  return report(world, done, byKind, firstBlock);
}

/** From time to time, makes the reference token ready for a snapshot. @returns whether it is */
async function prepareReferenceSnapshot(
  { blocks, random, schedule, chain, tokens }: World,
  { operationsPerJump = OPERATIONS_PER_JUMP, blocksPerJump = JUMP_BLOCKS }: RunOptions,
): Promise<boolean> {
  if (schedule.done < schedule.nextReferenceSnapshot) return false;
  schedule.nextReferenceSnapshot += OPERATIONS_PER_REFERENCE_SNAPSHOT;
  if (schedule.done >= schedule.nextJump) {
    schedule.nextJump += operationsPerJump;
    const seconds = JUMP_BLOCKS * random.integer(1, 40);
    await blocks.skip(blocksPerJump, Math.floor(seconds / blocksPerJump));
    if (blocksPerJump >= JUMP_BLOCKS) return true;
  }
  // As if the last snapshot was 1001 blocks ago. No figure depends on when it was.
  const lastSnapshot = Number(await chain.rpc.call<string>('eth_blockNumber')) - JUMP_BLOCKS;
  const slot = toBeHex(REFERENCE_LAST_SNAPSHOT_SLOT, 32);
  for (const { contract, label } of tokens) {
    if (label !== 'reference') continue;
    const word = toBeHex(lastSnapshot, 32);
    await chain.rpc.call('anvil_setStorageAt', [contract.address, slot, word]);
  }
  return true;
}

function referenceSnapshot(world: World): PlannedOperation[] {
  return world.tokens
    .filter(({ label }) => label === 'reference')
    .map((token) => {
      const holder = drawHolder(world, token);
      const action = drawAction(world, token, holder, 'snapshot');
      return { kind: 'snapshot', transactions: [actAs(holder, action)] };
    });
}

/** Once in about 60 operations. @returns how many operations it was */
async function performUntraced(world: World, byKind: OperationReport['byKind']): Promise<number> {
  const token = world.random.pick(world.tokens);
  if (world.random.chance(50)) {
    await raiseBalance(world, token);
    tally(byKind, 'untracedBalance').succeeded += 1;
  } else {
    await tipToken(world, token);
    tally(byKind, 'untracedTip').succeeded += 1;
  }
  return 1;
}

/** Mostly a few seconds, sometimes days, so that intervals in seconds pass. */
function drawSeconds({ random }: World): number {
  return random.chance(5) ? random.integer(3_600, 200_000) : random.integer(1, 90);
}

async function blockNumber({ chain }: World): Promise<number> {
  return Number(await chain.rpc.call<string>('eth_blockNumber'));
}
