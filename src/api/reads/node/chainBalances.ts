import { functions as erc20 } from '../../../abi/erc20.js';
import type { Address } from '../../../address.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import { LeastRecentlyUsed } from '../leastRecentlyUsed.js';
import type { ApiChain } from './apiChain.js';
import { askInTurn, type NodeAnswer, type NodeQuestion } from './askNode.js';
import { NodeRate } from './nodeRate.js';

const BALANCES_KEPT = 2_000;

/** What the contracts themselves have, by the nodes of their chains, at the block of an answer. */
export class ChainBalances {
  private readonly known = new LeastRecentlyUsed<NodeAnswer<bigint>>(BALANCES_KEPT);
  private readonly rate = new NodeRate();

  constructor(private readonly chains: readonly ApiChain[]) {}

  /**
   * The balance at the end of the block, in the smallest unit. A node that is not configured or does not answer is
   * a reason, not an error.
   *
   * @param asset `null`: the chain's own coin
   */
  async read(asOf: AsOf, owner: Address, asset: Address | null): Promise<NodeAnswer<bigint>> {
    const { chainId, block, hash } = asOf;
    const chain = this.chains.find(({ id }) => id === chainId);
    if (chain === undefined) return unavailable('the server was given no RPC URL for this chain');
    const name = `${chainId} ${block} ${hash} ${owner} ${asset}`;
    try {
      return await this.known.get(name, async () => {
        if (!this.rate.mayAsk(chainId))
          throw new Unanswered('the node was asked often enough this second');
        const urls = [chain.rpcUrl, ...(chain.fallbackRpcUrls ?? [])];
        const answer = await askInTurn(urls, balanceAt(asOf, owner, asset));
        // What is not known now may be known soon.
        if (answer.unavailable !== null) throw new Unanswered(answer.unavailable);
        return answer;
      });
    } catch (error) {
      if (error instanceof Unanswered) return unavailable(error.message);
      throw error;
    }
  }
}

/** A reason that may be shown. */
class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

function balanceAt(
  { block, hash }: AsOf,
  owner: Address,
  asset: Address | null,
): NodeQuestion<bigint> {
  // By its hash, so that no other block of this number answers. A block without a kept hash is final.
  const at = hash === null ? `0x${block.toString(16)}` : { blockHash: hash };
  const ofAsset = { to: asset, data: erc20.balanceOf.encode({ account: owner }) };
  return {
    method: asset === null ? 'eth_getBalance' : 'eth_call',
    params: [asset === null ? owner : ofAsset, at],
    answerOf: (result) =>
      typeof result === 'string' && /^0x[\da-f]{1,64}$/i.test(result) ? BigInt(result) : null,
    wanted: `a balance at block ${block}: it may not keep the states of old blocks`,
  };
}

function unavailable(reason: string): NodeAnswer<bigint> {
  return { answer: null, unavailable: reason };
}
