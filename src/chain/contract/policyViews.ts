import { functions } from '../../abi/erc7641.js';
import type { Address } from '../../address.js';
import type { PolicyObservation } from '../../ledger/policies/observation.js';
import type { BlockTag, ChainNode } from '../node.js';

/** Nobody has its key, so it never claimed. */
const PROBE: Address = '0x00000000000000000000000000000000f0007641';
const IDS_AT_ONCE = 64;
const HIGHEST_ID = 512;

/**
 * What a contract's views report about its rules at a block: which snapshots are open to an
 * account that claimed nothing, and how `redeemableOnBurn` is rounded. Nothing is written.
 */
export async function observePolicy(
  node: ChainNode,
  token: Address,
  block: BlockTag,
): Promise<PolicyObservation> {
  const open = await openSnapshots(node, token, block);
  return { open, hundredfold: await hundredfold(node, token, block) };
}

/** The first run of ids that `claimableRevenue` answers for, among the first 512. */
async function openSnapshots(
  node: ChainNode,
  token: Address,
  block: BlockTag,
): Promise<PolicyObservation['open']> {
  let first: number | null = null;
  for (let from = 1; from <= HIGHEST_ID; from += IDS_AT_ONCE) {
    const answers = await node.views(
      Array.from({ length: IDS_AT_ONCE }, (_, index) => ({
        to: token,
        data: functions.claimableRevenue.encode({
          account: PROBE,
          snapshotId: BigInt(from + index),
        }),
      })),
      block,
    );
    for (const [index, answer] of answers.entries()) {
      const id = from + index;
      if (answer !== null && first === null) first = id;
      if (answer === null && first !== null) return { first, count: id - first };
    }
  }
  return first === null ? null : { first, count: HIGHEST_ID - first + 1 };
}

/**
 * `redeemableOnBurn` of a hundred times the supply, as it is and with one wei more. A node that
 * ignores the other balance is found out: with 100 wei more, each rounding pays more.
 */
async function hundredfold(
  node: ChainNode,
  token: Address,
  block: BlockTag,
): Promise<PolicyObservation['hundredfold']> {
  const supply = uintOf(await node.view(token, functions.totalSupply.encode({}), block));
  if (supply === null || supply === 0n || supply > 2n ** 160n) return null;
  const data = functions.redeemableOnBurn.encode({ amount: 100n * supply });
  const now = uintOf(await node.view(token, data, block));
  if (now === null) return null;
  const [balance = 0n] = await node.balances([{ address: token, block }]);
  const withMore = async (wei: bigint) =>
    uintOf(await node.viewWithBalance(token, data, block, balance + wei));
  const hundredMore = await withMore(100n);
  if (hundredMore === null || hundredMore <= now) return { now, oneWeiMore: null };
  return { now, oneWeiMore: await withMore(1n) };
}

function uintOf(answer: string | null): bigint | null {
  return answer !== null && answer.length === 66 ? BigInt(answer) : null;
}
