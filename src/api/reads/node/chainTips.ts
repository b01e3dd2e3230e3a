import type { ApiChain } from './apiChain.js';
import { askInTurn, NEWEST_BLOCK } from './askNode.js';

/** The newest block of a chain by its own node, or why it is not known. */
export type ChainTip =
  | { readonly block: number; readonly unavailable: null }
  | { readonly block: null; readonly unavailable: string };

const KEEP_FOR_MS = 2_000;

/**
 * Asks the nodes for their newest block, at most once in two seconds whatever the number of
 * requests; where several endpoints are known, the next one if one fails or is slow. Reasons never contain the URL: it may hold a key.
 */
export class ChainTips {
  private readonly asked = new Map<
    number,
    { readonly at: number; readonly tip: Promise<ChainTip> }
  >();

  constructor(private readonly chains: readonly ApiChain[]) {}

  read(chainId: number): Promise<ChainTip> {
    const chain = this.chains.find(({ id }) => id === chainId);
    if (chain === undefined) {
      return Promise.resolve(unavailable('the server was given no RPC URL for this chain'));
    }
    const known = this.asked.get(chainId);
    if (known !== undefined && Date.now() - known.at < KEEP_FOR_MS) return known.tip;
    const tip = newestBlock([chain.rpcUrl, ...(chain.fallbackRpcUrls ?? [])]);
    this.asked.set(chainId, { at: Date.now(), tip });
    return tip;
  }
}

async function newestBlock(rpcUrls: readonly string[]): Promise<ChainTip> {
  const { answer, unavailable: reason } = await askInTurn(rpcUrls, NEWEST_BLOCK);
  return answer === null ? unavailable(reason) : { block: answer, unavailable: null };
}

function unavailable(reason: string): ChainTip {
  return { block: null, unavailable: reason };
}
