import { functions as erc7641 } from '../../../abi/erc7641.js';
import type { Address } from '../../../address.js';
import { textOf } from '../../../chain/contract/texts.js';
import { LeastRecentlyUsed } from '../leastRecentlyUsed.js';
import type { ApiChain } from './apiChain.js';
import { askInTurn, type NodeQuestion } from './askNode.js';
import { NodeRate } from './nodeRate.js';

const COINS_KEPT = 1_000;

/** What an ERC-20 says about itself, as far as it does. */
export interface SaidOfCoin {
  readonly symbol: string | null;
  readonly decimals: number | null;
}

const NOTHING: SaidOfCoin = { symbol: null, decimals: null };

/** What ERC-20s say about themselves, by the nodes of their chains. Each is asked once. */
export class ChainCoins {
  private readonly known = new LeastRecentlyUsed<SaidOfCoin>(COINS_KEPT);
  private readonly rate = new NodeRate();

  constructor(private readonly chains: readonly ApiChain[]) {}

  /** Nothing is said where no node answers: it is asked again next time. */
  async read(chainId: number, address: Address): Promise<SaidOfCoin> {
    const chain = this.chains.find(({ id }) => id === chainId);
    if (chain === undefined) return NOTHING;
    const urls = [chain.rpcUrl, ...(chain.fallbackRpcUrls ?? [])];
    try {
      return await this.known.get(`${chainId} ${address}`, async () => {
        if (!this.rate.mayAsk(chainId)) throw new Unanswered();
        const [symbol, decimals] = await Promise.all([
          askInTurn(urls, viewOf(address, erc7641.symbol.selector)),
          askInTurn(urls, viewOf(address, erc7641.decimals.selector)),
        ]);
        if (symbol.unavailable !== null || decimals.unavailable !== null) throw new Unanswered();
        return { symbol: textOf(symbol.answer), decimals: decimalsOf(decimals.answer) };
      });
    } catch (error) {
      if (error instanceof Unanswered) return NOTHING;
      throw error;
    }
  }
}

class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

function viewOf(to: Address, data: string): NodeQuestion<string> {
  return {
    method: 'eth_call',
    params: [{ to, data }, 'latest'],
    answerOf: (result) =>
      typeof result === 'string' && /^0x([\da-f]{2})*$/i.test(result) ? result : null,
    wanted: 'the answer of a view',
  };
}

function decimalsOf(answer: string): number | null {
  const decimals = /^0x[\da-f]{64}$/i.test(answer) ? BigInt(answer) : null;
  return decimals !== null && decimals <= 255n ? Number(decimals) : null;
}
