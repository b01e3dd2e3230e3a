import type { ApiChain } from './apiChain.js';
import { askInTurn, NEWEST_BLOCK } from './askNode.js';

/** How an endpoint of a chain answers now. Neither its URL nor its host is in it: both may be secret. */
export interface EndpointHealth {
  /** In the order in which they are asked, from 1. */
  readonly position: number;
  /** Its newest block; `null` if it does not answer. */
  readonly block: number | null;
  readonly unavailable: string | null;
  /** What the answer took. */
  readonly milliseconds: number;
}

const KEEP_FOR_MS = 15_000;
const ASKED_AT_MOST = 20;

/** Asks every endpoint for its newest block, at most once in 15 seconds for each chain. */
export class Endpoints {
  private readonly asked = new Map<
    number,
    { readonly at: number; readonly health: Promise<readonly EndpointHealth[]> }
  >();

  constructor(private readonly chains: readonly ApiChain[]) {}

  /** @returns nothing for a chain without a URL */
  read(chainId: number): Promise<readonly EndpointHealth[]> {
    const chain = this.chains.find(({ id }) => id === chainId);
    if (chain === undefined) return Promise.resolve([]);
    const known = this.asked.get(chainId);
    if (known !== undefined && Date.now() - known.at < KEEP_FOR_MS) return known.health;
    const urls = [chain.rpcUrl, ...(chain.fallbackRpcUrls ?? [])].slice(0, ASKED_AT_MOST);
    const health = Promise.all(urls.map((url, index) => healthOf(url, index + 1)));
    this.asked.set(chainId, { at: Date.now(), health });
    return health;
  }
}

async function healthOf(rpcUrl: string, position: number): Promise<EndpointHealth> {
  const begun = performance.now();
  const { answer, unavailable } = await askInTurn([rpcUrl], NEWEST_BLOCK);
  const milliseconds = Math.round(performance.now() - begun);
  return { position, block: answer, unavailable, milliseconds };
}
