import type { ChainNode } from '../../chain/node.js';
import { ImoError } from '../../errors.js';
import type { AuditedBlock } from '../questions/chainViews.js';

export interface AgreementSearch {
  readonly node: ChainNode;
  /** First block of the contract: before it there is nothing to agree on. */
  readonly startBlock: number;
  /** A block at which the books and the contract differ. */
  readonly block: number;
  readonly agreesAt: (block: AuditedBlock) => Promise<boolean>;
}

/**
 * The last block at which a figure agreed, by bisection: a disagreement that is there stays, so
 * that one change is found. `null`: it never agreed, or the node does not know old states.
 */
export async function findLastAgreement(search: AgreementSearch): Promise<number | null> {
  const { node, startBlock, agreesAt } = search;
  const agrees = async (number: number) => {
    const { hash } = await node.blockHeader(number);
    return agreesAt({ number, hash });
  };
  let agreed = startBlock - 1;
  let differs = search.block;
  try {
    if (await agrees(differs)) return null;
    while (differs - agreed > 1) {
      const middle = Math.floor((agreed + differs) / 2);
      if (await agrees(middle)) agreed = middle;
      else differs = middle;
    }
  } catch (error) {
    if (error instanceof ImoError && error.code.startsWith('RPC_')) return null;
    throw error;
  }
  return agreed < startBlock ? null : agreed;
}
