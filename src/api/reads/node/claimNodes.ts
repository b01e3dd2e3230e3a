import { setTimeout as delay } from 'node:timers/promises';
import type { Address } from '../../../address.js';
import { DryRun, type GasEstimate, type UnsentTransaction } from '../../../chain/dryRun.js';
import { LeastRecentlyUsed } from '../leastRecentlyUsed.js';
import type { ApiChain } from './apiChain.js';

const ANSWER_WITHIN_MS = 3_000;
const ESTIMATES_KEPT = 2_000;
/** A proxy may get other code; then a token is asked again. */
const KEEP_BATCH_ANSWER_MS = 10 * 60_000;
/** So long a node that did not answer is not asked the same again: somebody waits each time. */
const KEEP_SILENCE_MS = 5_000;
/** Time to wait for an endpoint before asking the next one too. */
const ASK_NEXT_AFTER_MS = 1_000;

/** Asks the nodes of the chains what claims would do, and keeps their answers for a while. */
export class ClaimNodes {
  private readonly estimates = new LeastRecentlyUsed<readonly GasEstimate[]>(ESTIMATES_KEPT);
  private readonly batches = new Map<string, BatchAnswer>();

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
        askInTurn(chain, (node) => node.estimateGas(transactions)),
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
    if (known !== undefined && Date.now() < known.keepUntil) return known.has;
    // Asked once, however many ask meanwhile.
    const answer: BatchAnswer = {
      has: askInTurn(chain, (node) => node.hasClaimBatch(token)).catch(() => {
        answer.keepUntil = Date.now() + KEEP_SILENCE_MS;
        return null;
      }),
      keepUntil: Date.now() + KEEP_BATCH_ANSWER_MS,
    };
    this.batches.set(name, answer);
    return answer.has;
  }
}

interface BatchAnswer {
  /** `null`: no node answered. */
  readonly has: Promise<boolean | null>;
  keepUntil: number;
}

/**
 * What the first endpoint of a chain says that answers; the next one is asked if one fails or is
 * slow.
 *
 * @throws AggregateError if none answers
 */
async function askInTurn<T>(
  { rpcUrl, fallbackRpcUrls = [] }: ApiChain,
  ask: (node: DryRun) => Promise<T>,
): Promise<T> {
  const asked: Promise<T>[] = [];
  const urls = [rpcUrl, ...fallbackRpcUrls];
  for (const url of urls) {
    asked.push(withNode(url, ask));
    const first = Promise.any(asked);
    if (asked.length === urls.length) return first;
    const enough = new AbortController();
    const { signal } = enough;
    const tooSlow = delay(ASK_NEXT_AFTER_MS, null, { signal }).catch(() => null);
    const known = first.then((answer) => ({ answer })).catch(() => null);
    const answered = await Promise.race([known, tooSlow]);
    enough.abort();
    if (answered !== null) return answered.answer;
  }
  return Promise.any(asked);
}

async function withNode<T>(rpcUrl: string, ask: (node: DryRun) => Promise<T>): Promise<T> {
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
