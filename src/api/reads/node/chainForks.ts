import type { ChainHead } from '../../../store/read/chains/chainHeads.js';
import type { ApiChain } from './apiChain.js';
import { askInTurn, type NodeQuestion } from './askNode.js';

const KEEP_FOR_MS = 10_000;

/**
 * Asks the nodes whether their chain has the newest final block of the books, at most once in ten seconds for each
 * chain. Books that were restored from a copy may be of a fork that is gone.
 */
export class ChainForks {
  private readonly asked = new Map<
    number,
    { readonly at: number; readonly hash: string; readonly isThere: Promise<boolean | null> }
  >();

  constructor(private readonly chains: readonly ApiChain[]) {}

  /** @returns `null` if the node does not say */
  has(chainId: number, head: ChainHead | null): Promise<boolean | null> {
    const chain = this.chains.find(({ id }) => id === chainId);
    if (chain === undefined || head === null || head.finalizedBlock < 0)
      return Promise.resolve(null);
    const hash = head.finalizedHash;
    const known = this.asked.get(chainId);
    const isNew = known !== undefined && Date.now() - known.at < KEEP_FOR_MS;
    if (isNew && known.hash === hash) return known.isThere;
    const isThere = ask([chain.rpcUrl, ...(chain.fallbackRpcUrls ?? [])], head);
    this.asked.set(chainId, { at: Date.now(), hash, isThere });
    return isThere;
  }
}

async function ask(
  rpcUrls: readonly string[],
  { finalizedBlock, finalizedHash }: ChainHead,
): Promise<boolean | null> {
  const { answer } = await askInTurn(rpcUrls, hashAt(finalizedBlock));
  return answer === null ? null : answer === finalizedHash;
}

function hashAt(height: number): NodeQuestion<string> {
  return {
    method: 'eth_getBlockByNumber',
    params: [`0x${height.toString(16)}`, false],
    answerOf(result) {
      // A node that is behind has no such block.
      if (typeof result !== 'object' || result === null || !('hash' in result)) return null;
      return typeof result.hash === 'string' ? result.hash.toLowerCase() : null;
    },
    wanted: 'a block',
  };
}
