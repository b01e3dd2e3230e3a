import * as erc7007 from '../../abi/erc7007.js';
import * as firstDraft from '../../abi/erc7007FirstDraft.js';
import * as secondDraft from '../../abi/erc7007SecondDraft.js';
import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { ChainNode } from '../node.js';
import { truthOf } from './askContract.js';

/** How many blocks of its life are searched for events: nodes limit such questions. */
const SEARCHED_BLOCKS = 10_000;

/** A function that no contract has: what takes it takes anything. */
const NO_FUNCTION = '0xffffffff';

const CONTENT_TOPICS = [
  erc7007.events.AigcData.topic,
  firstDraft.events.Mint.topic,
  secondDraft.events.Mint.topic,
];

export interface Behaviour {
  readonly isErc7007: boolean;
  readonly isUpdatable: boolean;
}

/**
 * Recognises a collection that does not report its interface ids by what it does: it answers
 * `verify`, it logged contents in its first blocks, or it takes `addAigcData` and `update` (a
 * simulated call that is refused for a reason is taken; a function that is missing gives none).
 *
 * @throws ImoError of `ChainNode`
 */
export async function behaviourOf(
  node: ChainNode,
  address: Address,
  { startBlock, head }: { readonly startBlock: number; readonly head: number },
): Promise<Behaviour> {
  const empty = { prompt: '0x', aigcData: '0x' };
  const takes = (data: string) => node.takesCall(address, data, head);
  const range = { from: startBlock, to: Math.min(startBlock + SEARCHED_BLOCKS, head) };
  const [answer, takesAnything, takesData, takesUpdate, hasContents, hasUpdates] =
    await Promise.all([
      node.view(address, erc7007.functions.verify.encode({ ...empty, proof: '0x' }), head),
      takes(NO_FUNCTION),
      takes(erc7007.functions.addAigcData.encode({ ...empty, tokenId: 0n, proof: '0x' })),
      takes(erc7007.functions.update.encode(empty)),
      hasLogs(node, address, CONTENT_TOPICS, range),
      hasLogs(node, address, [erc7007.events.Update.topic], range),
    ]);
  const isUpdatable = hasUpdates || (takesUpdate && !takesAnything);
  const hasViews = truthOf(answer) !== null;
  const isErc7007 = hasViews || hasContents || isUpdatable || (takesData && !takesAnything);
  return { isErc7007, isUpdatable };
}

/** Whether there is such a log; a node that refuses the question is no evidence. */
async function hasLogs(
  node: ChainNode,
  address: Address,
  topics: readonly string[],
  range: { readonly from: number; readonly to: number },
): Promise<boolean> {
  try {
    for (const topic of topics) {
      if ((await node.logs(address, topic, range)).length > 0) return true;
    }
    return false;
  } catch (error) {
    if (error instanceof ImoError && error.code === 'RPC_REFUSED') return false;
    throw error;
  }
}
