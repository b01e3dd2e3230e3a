import * as erc7007 from '../../abi/erc7007.js';
import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { ChainNode } from '../node.js';
import { truthOf } from './askContract.js';

/** A function that no contract has: what takes it takes anything. */
const NO_FUNCTION = '0xffffffff';

export interface Behaviour {
  readonly isErc7007: boolean;
  readonly isUpdatable: boolean;
}

/**
 * Recognises a collection that does not report its interface ids by what its code does: it answers
 * `verify`, or it takes `addAigcData` or `update` (a simulated call that is refused for a reason is
 * taken; a function that is missing gives none). What it logs is in the books.
 *
 * @returns `null` where the node refuses one of the questions: nothing is known then
 * @throws ImoError of `ChainNode`
 */
export async function behaviourOf(
  node: ChainNode,
  address: Address,
  head: number,
): Promise<Behaviour | null> {
  const empty = { prompt: '0x', aigcData: '0x' };
  const takes = (data: string) => node.takesCall(address, data, head);
  try {
    const [answer, takesAnything, takesData, takesUpdate] = await Promise.all([
      node.view(address, erc7007.functions.verify.encode({ ...empty, proof: '0x' }), head),
      takes(NO_FUNCTION),
      takes(erc7007.functions.addAigcData.encode({ ...empty, tokenId: 0n, proof: '0x' })),
      takes(erc7007.functions.update.encode(empty)),
    ]);
    const isUpdatable = takesUpdate && !takesAnything;
    const isErc7007 = truthOf(answer) !== null || isUpdatable || (takesData && !takesAnything);
    return { isErc7007, isUpdatable };
  } catch (error) {
    if (error instanceof ImoError && error.code === 'RPC_REFUSED') return null;
    throw error;
  }
}
