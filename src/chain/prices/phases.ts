import { dataLength } from 'ethers';
import { functions } from '../../abi/priceAggregator.js';
import { type Address } from '../../address.js';
import { firstBlock } from '../contract/deployment.js';
import type { BlockTag, ChainNode } from '../node.js';

const WORD_BYTES = 32;

/** An aggregator that says the price, and from which block on. */
export interface FeedPhase {
  readonly aggregator: Address;
  readonly startBlock: number;
}

/** What a configured address stands before at the end of a block. */
interface Standing {
  /** The configured address itself where it is an aggregator, or where nothing is there yet. */
  readonly aggregator: Address;
  /** Counts the changes of a proxy, as Chainlink's do; `null`: it does not. */
  readonly phaseId: bigint | null;
}

/**
 * The aggregators behind a configured address from a block on. A proxy logs nothing when its
 * aggregator changes, so bisection finds the blocks of its changes. An aggregator is its own. The
 * number of its phase shows a change even if a proxy points at an earlier aggregator again.
 */
export async function feedPhases(
  node: ChainNode,
  configured: Address,
  startBlock: number,
  head: number,
): Promise<FeedPhase[]> {
  const behind = (block: number) => standingAt(node, configured, block);
  const newest = await behind(head);
  if (newest.aggregator === configured || startBlock >= head) {
    return [{ aggregator: newest.aggregator, startBlock }];
  }
  const phases: FeedPhase[] = [];
  let from = startBlock;
  for (;;) {
    const standing = await behind(from);
    const { aggregator } = standing;
    // Before the proxy itself was there, nothing was behind it.
    if (aggregator !== configured) phases.push({ aggregator, startBlock: from });
    if (isSame(standing, newest)) return phases;
    from = await firstBlock(
      async (block) => !isSame(await behind(block), standing),
      from + 1,
      head,
    );
  }
}

/** Whether phases that were found before are still those of the chain. */
export async function phasesStand(
  node: ChainNode,
  configured: Address,
  phases: readonly FeedPhase[],
  head: number,
): Promise<boolean> {
  const behind = (block: number) => standingAt(node, configured, Math.min(block, head));
  for (const [index, { aggregator, startBlock }] of phases.entries()) {
    const begin = await behind(startBlock);
    if (begin.aggregator !== aggregator) return false;
    const next = phases[index + 1]?.startBlock ?? null;
    if (next === null) return isSame(begin, await behind(head));
    if (next > head) return false;
    const [last, after] = [await behind(next - 1), await behind(next)];
    if (!isSame(begin, last) || isSame(last, after)) return false;
  }
  return false;
}

/** What a proxy stands before at the end of a block; an aggregator stands for itself. */
export async function aggregatorAt(
  node: ChainNode,
  configured: Address,
  block: BlockTag,
): Promise<Address> {
  return (await standingAt(node, configured, block)).aggregator;
}

async function standingAt(
  node: ChainNode,
  configured: Address,
  block: BlockTag,
): Promise<Standing> {
  const { aggregator, phaseId } = functions;
  const calls = [aggregator, phaseId].map(({ selector }) => ({ to: configured, data: selector }));
  const [address = null, phase = null] = await node.views(calls, block);
  if (address === null || dataLength(address) !== WORD_BYTES || BigInt(address) === 0n) {
    return { aggregator: configured, phaseId: null };
  }
  return {
    aggregator: `0x${address.slice(-40).toLowerCase()}`,
    phaseId: phase !== null && dataLength(phase) === WORD_BYTES ? BigInt(phase) : null,
  };
}

function isSame(one: Standing, other: Standing): boolean {
  return one.aggregator === other.aggregator && one.phaseId === other.phaseId;
}
