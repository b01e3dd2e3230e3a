import { type BlockHeader, ChainNode } from '../../chain/node.js';
import type { WireCall } from '../../chain/rpc/connection/answers.js';
import { PoolConnection } from '../../chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../chain/rpc/connection/pooledClient.js';
import { type Ability, probe } from '../../chain/source/finders/probe.js';
import { redactUrl } from '../../config/redact.js';
import type { ChainConfig } from '../../config/types.js';
import { ImoError } from '../../errors.js';
import { failureText, withinTime } from '../check.js';
import { type Finding, type FindingKinds, makersOf } from '../finding.js';
import { withoutPartsOf } from '../withoutParts.js';

const ANSWER_WITHIN_MS = 5_000;
/** A WebSocket has no time limit of its own while it connects. */
const REACHED_WITHIN_MS = 8_000;
/** Far from the ids of other questions. */
const FIRST_ID = 2 ** 42;
const NO_CONTRACT = `0x${'0'.repeat(40)}`;
const ACCESS_CODES = new Set(['RPC_KEY_REFUSED', 'RPC_KEY_EXHAUSTED', 'RPC_PLAN_EXCLUDES']);

/** One endpoint of a chain that answers and serves that chain. */
export interface EndpointSubject {
  readonly chain: ChainConfig;
  /** The chain and the endpoint, without secrets. */
  readonly about: string;
  readonly node: ChainNode;
  readonly head: BlockHeader;
  /** What it serves; asked once. */
  ability(): Promise<Ability>;
  /** Why it refuses a batch of so many calls; `null`: it answers them all. */
  batchProblem(calls: number): Promise<string | null>;
  /** The newest head of the endpoints of the chain that answer. */
  bestHead(): Promise<BlockHeader>;
  /** Milliseconds since 1970, by the clock of this machine. */
  now(): number;
}

/** A connection to one endpoint, whether it answers or not. */
export interface OpenedEndpoint {
  readonly about: string;
  reach(bestHead: () => Promise<BlockHeader>, now: () => number): Promise<Reached>;
  close(): void;
}

interface Reached {
  readonly findings: readonly Finding[];
  readonly subject: EndpointSubject | null;
}

export const REACH_KINDS = {
  NODE_UNREACHABLE: {
    severity: 'error',
    means: 'an endpoint does not answer',
    remedy: 'Start the node, or correct or delete its URL in `rpc` of the chain.',
  },
  NODE_REFUSES: {
    severity: 'error',
    means: 'an endpoint refuses the key, or its plan has run out',
    remedy: 'Check the key and the plan at the provider.',
  },
  NODE_WRONG_CHAIN: {
    severity: 'error',
    means: 'an endpoint serves another chain',
    remedy: 'Correct `id` or `rpc` of this chain in the config.',
  },
} as const satisfies FindingKinds;

const found = makersOf(REACH_KINDS);

/** Opens every endpoint of a chain by itself: in a pool, a good one would hide a bad one. */
export function openEndpoints(chain: ChainConfig): OpenedEndpoint[] {
  return [chain.rpcUrl, ...chain.fallbackRpcUrls].map((url) => openEndpoint(chain, url));
}

function openEndpoint(chain: ChainConfig, url: string): OpenedEndpoint {
  const pool = new PoolConnection({ urls: [url], chainId: null });
  const client = new PooledClient(pool, {
    capacity: 10,
    requestTimeoutMs: ANSWER_WITHIN_MS,
    retryAttempts: 0,
  });
  const node = new ChainNode(client);
  const about = `${chain.name} ${redactUrl(url)}`;
  return {
    about,
    async reach(bestHead, now) {
      try {
        const answered = await withinTime(chainAndHead(node, chain.id), REACHED_WITHIN_MS);
        if (answered === null) {
          const silence = `it did not answer within ${REACHED_WITHIN_MS / 1000} s`;
          return { findings: [found.NODE_UNREACHABLE(about, silence)], subject: null };
        }
        const { chainId, head } = answered;
        if (head === null) {
          const served = `it serves chain ${chainId}, the config says ${chain.id}`;
          return { findings: [found.NODE_WRONG_CHAIN(about, served)], subject: null };
        }
        const ability = once(() => abilityOf(client, { chain, url, head: head.number }));
        const batchProblem = async (calls: number) => {
          const problem = await problemOfBatch(client, calls);
          return problem === null ? null : withoutPartsOf(url, problem);
        };
        const subject = { chain, about, node, head, ability, batchProblem, bestHead, now };
        return { findings: [], subject };
      } catch (error) {
        return { findings: [refusal(about, url, error)], subject: null };
      }
    },
    close() {
      node.close();
      pool.close();
    },
  };
}

/** `head: null`: it serves another chain, and nothing else of it matters. */
async function chainAndHead(node: ChainNode, wanted: number) {
  const latest = node.blockHeader('latest');
  latest.catch(() => undefined);
  const chainId = await node.chainId();
  return { chainId, head: chainId === wanted ? await latest : null };
}

function refusal(about: string, url: string, error: unknown): Finding {
  const reason = withoutPartsOf(url, failureText(error));
  if (error instanceof ImoError && ACCESS_CODES.has(error.code)) {
    return found.NODE_REFUSES(about, reason, error.hint);
  }
  return found.NODE_UNREACHABLE(about, reason);
}

async function abilityOf(
  client: PooledClient,
  { chain, url, head }: { chain: ChainConfig; url: string; head: number },
): Promise<Ability> {
  const starts = [...chain.tokens, ...chain.collections, ...chain.oracles, ...chain.sales].map(
    ({ startBlock }) => startBlock ?? chain.startBlock,
  );
  const known = starts.filter((block) => block !== null && block <= head) as number[];
  // Where no start is given, the search for the deployment first asks halfway.
  const from = starts.length === known.length ? Math.min(...known, head) : Math.floor(head / 2);
  const [first] = [...chain.tokens, ...chain.collections, ...chain.oracles, ...chain.sales];
  const [ability] = await probe(client, {
    range: { from, to: head },
    address: first?.address ?? NO_CONTRACT,
    timeoutMs: ANSWER_WITHIN_MS,
  });
  if (ability === undefined) throw new RangeError('a probe of no endpoint');
  const { problem } = ability;
  return { ...ability, problem: problem === null ? null : withoutPartsOf(url, problem) };
}

/** Asks for the chain id so many times at once: the cheapest question that there is. */
async function problemOfBatch({ endpoints }: PooledClient, calls: number): Promise<string | null> {
  const [endpoint] = endpoints;
  if (endpoint === undefined) throw new RangeError('a batch for no endpoint');
  const batch = Array.from(
    { length: calls },
    (_, index): WireCall => ({
      id: FIRST_ID + index,
      jsonrpc: '2.0',
      method: 'eth_chainId',
      params: [],
    }),
  );
  try {
    const answers = await endpoint.send(batch, ANSWER_WITHIN_MS);
    const refused = answers.find(({ result }) => typeof result !== 'string');
    if (refused !== undefined) return refused.error?.message ?? 'an answer has no result';
    return answers.length === calls ? null : `${answers.length} calls were answered`;
  } catch (error) {
    return failureText(error);
  }
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | null = null;
  return () => {
    result ??= work();
    return result;
  };
}
