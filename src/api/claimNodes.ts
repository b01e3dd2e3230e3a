import type { Address } from '../address.js';
import { DryRun, type GasEstimate, type UnsentTransaction } from '../chain/dryRun.js';
import type { ApiChain } from './apiChain.js';
import { LeastRecentlyUsed } from './leastRecentlyUsed.js';

const ANSWER_WITHIN_MS = 3_000;
const ESTIMATES_KEPT = 2_000;
/** A proxy may get other code; then a token is asked again. */
const KEEP_BATCH_ANSWER_MS = 10 * 60_000;

/** Asks the nodes of the chains what claims would do, and keeps their answers for a while. */
export class ClaimNodes {
  private readonly estimates = new LeastRecentlyUsed<readonly GasEstimate[]>(ESTIMATES_KEPT);
  private readonly batches = new Map<string, { readonly at: number; readonly has: boolean }>();

  constructor(private readonly chains: readonly ApiChain[]) {}

  /**
   * Gas of transactions of one chain, in the order given; a node that is not configured or does
   * not answer is a reason, not an error.
   *
   * @param block the indexed block that the transactions were made for
   */
  async estimate(
    chainId: number,
    block: number,
    transactions: readonly UnsentTransaction[],
  ): Promise<readonly GasEstimate[]> {
    const chain = this.chains.find(({ id }) => id === chainId);
    if (chain === undefined) {
      return transactions.map(() => unavailable('the server was given no RPC URL for this chain'));
    }
    const names = transactions.map(({ from, to, data }) => `${from} ${to} ${data}`);
    try {
      return await this.estimates.get(`${chainId} ${block} ${names.join()}`, () =>
        withNode(chain, (node) => node.estimateGas(transactions)),
      );
    } catch {
      // Messages of the network stack name hosts, ports and keys: none is passed on.
      return transactions.map(() => unavailable('the node does not answer'));
    }
  }

  /** Whether a token has `claimBatch(uint256[])`; `null`: no node says so. */
  async hasClaimBatch(chainId: number, token: Address): Promise<boolean | null> {
    const chain = this.chains.find(({ id }) => id === chainId);
    if (chain === undefined) return null;
    const name = `${chainId} ${token}`;
    const known = this.batches.get(name);
    if (known !== undefined && Date.now() - known.at < KEEP_BATCH_ANSWER_MS) return known.has;
    try {
      const has = await withNode(chain, (node) => node.hasClaimBatch(token));
      this.batches.set(name, { at: Date.now(), has });
      return has;
    } catch {
      return null;
    }
  }
}

async function withNode<T>({ rpcUrl }: ApiChain, ask: (node: DryRun) => Promise<T>): Promise<T> {
  const node = new DryRun(rpcUrl, ANSWER_WITHIN_MS);
  try {
    return await ask(node);
  } finally {
    node.close();
  }
}

function unavailable(reason: string): GasEstimate {
  return { gas: null, unavailable: reason };
}
