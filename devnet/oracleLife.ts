// SPDX-License-Identifier: GPL-3.0-or-later
import { id } from 'ethers';
import { latestBlock, type TransactionReceipt } from './chain.js';
import { readContract } from './deploy.js';
import { nextFlatAction } from './flatOracleActions.js';
import { ORACLE_ACTIONS, type OracleAction } from './oracleActions.js';
import type { LivingOracle, OracleWorld } from './oracleWorld.js';

export { createOracleWorld, MODEL_IDS, type OracleWorld } from './oracleWorld.js';

export interface OracleLifeReport {
  readonly firstBlock: number;
  readonly lastBlock: number;
  /** Transactions that succeeded, and that were reverted. */
  readonly succeeded: number;
  readonly reverted: number;
}

const MOST_PER_BLOCK = 4;
const REQUEST = 'AICallbackRequest(address,uint256,uint256,bytes,address';
const REQUEST_TOPICS = new Set([id(`${REQUEST},bytes4,uint64)`), id(`${REQUEST},uint64,bytes)`)]);

/**
 * Lets random actors upload, price, ask, answer, claim and remove models of all oracles, up to
 * four transactions a block; reverted ones are part of it. The same seed and world give the
 * same chain.
 *
 * @param onProgress called after each block with the number of transactions done
 */
export async function liveOracles(
  world: OracleWorld,
  operations: number,
  onProgress?: (done: number, of: number) => void,
): Promise<OracleLifeReport> {
  const firstBlock = (await latestBlock(world.chain)).number + 1;
  let succeeded = 0;
  let done = 0;
  while (done < operations) {
    await readGasPrices(world);
    const wanted = world.random.integer(1, Math.min(MOST_PER_BLOCK, operations - done));
    const actions = Array.from({ length: wanted }, () => nextOracleAction(world));
    const receipts = await world.blocks.mine(actions.map(({ transaction }) => transaction));
    receipts.forEach((receipt, index) => {
      if (receipt.status !== '0x1') return;
      succeeded++;
      actions[index]?.learn?.();
      for (const oracle of [...world.oracles, ...(world.flat === null ? [] : [world.flat])]) {
        noteRequests(oracle, receipt);
      }
    });
    done += wanted;
    onProgress?.(done, operations);
  }
  const lastBlock = (await latestBlock(world.chain)).number;
  return { firstBlock, lastBlock, succeeded, reverted: done - succeeded };
}

/** A transaction of a random kind with a random oracle. */
function nextOracleAction(world: OracleWorld): OracleAction {
  if (world.flat !== null && world.random.chance(25)) return nextFlatAction(world, world.flat);
  const act = world.random.weighted(ORACLE_ACTIONS);
  return act(world, world.random.pick(world.oracles));
}

/** Notes what the oracles ask for gas now: requests of the next block must bring it. */
export async function readGasPrices({
  chain,
  oracles,
}: Pick<OracleWorld, 'chain' | 'oracles'>): Promise<void> {
  for (const oracle of oracles) {
    oracle.gasPrice = await readContract(chain, oracle.contract, 'gasPrice');
  }
}

/** Keeps the ids of requests by the logs of a transaction. */
export function noteRequests(
  { contract, requestIds }: Pick<LivingOracle, 'contract' | 'requestIds'>,
  { logs }: Pick<TransactionReceipt, 'logs'>,
): void {
  for (const { address, topics, data } of logs) {
    if (address.toLowerCase() !== contract.address) continue;
    if (!REQUEST_TOPICS.has(topics[0] ?? '')) continue;
    // Where nothing is indexed, the id is the second word of the data.
    requestIds.push(BigInt(topics[2] ?? `0x${data.slice(66, 130)}`));
  }
}
