import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketProvider } from 'ethers';
import type { ApiChain } from './apiChain.js';

/** The newest block of a chain by its own node, or why it is not known. */
export type ChainTip =
  | { readonly block: number; readonly unavailable: null }
  | { readonly block: null; readonly unavailable: string };

const ANSWER_WITHIN_MS = 1_500;
/** How long an endpoint is waited for before the next one is asked too. */
const ASK_NEXT_AFTER_MS = 300;
const KEEP_FOR_MS = 2_000;

const QUESTION = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] });

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
    const tip = askInTurn([chain.rpcUrl, ...(chain.fallbackRpcUrls ?? [])]);
    this.asked.set(chainId, { at: Date.now(), tip });
    return tip;
  }
}

/** What the first endpoint says that answers; if none does, why the first one did not. */
async function askInTurn(rpcUrls: readonly string[]): Promise<ChainTip> {
  const asked: Promise<ChainTip>[] = [];
  for (const rpcUrl of rpcUrls) {
    asked.push(askNode(rpcUrl));
    const isLast = asked.length === rpcUrls.length;
    const enough = new AbortController();
    const { signal } = enough;
    const tooSlow = delay(ASK_NEXT_AFTER_MS, null, { signal }).catch(() => null);
    const tip = await (isLast ? firstKnown(asked) : Promise.race([firstKnown(asked), tooSlow]));
    enough.abort();
    if (tip !== null) return tip;
  }
  return asked[0] ?? unavailable('the server was given no RPC URL for this chain');
}

/** The first tip that is known; `null` if none is. */
function firstKnown(asked: readonly Promise<ChainTip>[]): Promise<ChainTip | null> {
  const known = asked.map(async (answer) => {
    const tip = await answer;
    if (tip.unavailable !== null) throw new NodeError(tip.unavailable);
    return tip;
  });
  return Promise.any(known).catch(() => null);
}

async function askNode(rpcUrl: string): Promise<ChainTip> {
  try {
    const ask = /^wss?:/i.test(rpcUrl) ? askWebSocket : askHttp;
    return { block: blockNumber(await ask(rpcUrl)), unavailable: null };
  } catch (error) {
    return unavailable(reasonOf(error));
  }
}

/** A reason that may be shown. */
class NodeError extends Error {
  override readonly name = 'NodeError';
}

async function askHttp(rpcUrl: string): Promise<unknown> {
  const { href, authorization } = withoutCredentials(rpcUrl);
  const response = await fetch(href, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: QUESTION,
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  if (!response.ok) throw new NodeError(`the node answered with HTTP status ${response.status}`);
  return resultOf(await response.text());
}

/** `fetch` refuses user:password in a URL; as a header they are welcome. */
function withoutCredentials(rpcUrl: string): {
  href: string;
  authorization: { authorization?: string };
} {
  const url = new URL(rpcUrl);
  const { username, password } = url;
  if (username === '' && password === '') return { href: rpcUrl, authorization: {} };
  url.username = '';
  url.password = '';
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const basic = Buffer.from(pair).toString('base64');
  return { href: url.href, authorization: { authorization: `Basic ${basic}` } };
}

/** Node 20 has no WebSocket of its own; the one that ethers opens is used bare. */
async function askWebSocket(rpcUrl: string): Promise<unknown> {
  const socket = new WebSocketProvider(rpcUrl).websocket;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(timeout()), ANSWER_WITHIN_MS);
      socket.onopen = () => socket.send(QUESTION);
      socket.onmessage = ({ data }: { data: unknown }) => resolve(resultOf(String(data)));
      // Without a listener a refused connection would end the process.
      socket.onerror = ({ error }: { error?: unknown }) => reject(error);
    });
  } finally {
    clearTimeout(timer);
    socket.close();
  }
}

function resultOf(text: string): unknown {
  const body: unknown = JSON.parse(text);
  return typeof body === 'object' && body !== null && 'result' in body ? body.result : null;
}

function blockNumber(result: unknown): number {
  if (typeof result === 'string' && /^0x[0-9a-f]{1,12}$/i.test(result)) return Number(result);
  throw new NodeError('the node did not answer with a block number');
}

function timeout(): NodeError {
  return new NodeError(`the node did not answer within ${ANSWER_WITHIN_MS} ms`);
}

/** Messages of the network stack name hosts and ports, so only their codes are passed on. */
function reasonOf(error: unknown): string {
  if (error instanceof NodeError) return error.message;
  if (error instanceof Error && error.name === 'TimeoutError') return timeout().message;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  return typeof code === 'string' && /^[A-Z_]+$/.test(code)
    ? `the node cannot be reached (${code})`
    : 'the node cannot be reached';
}

function unavailable(reason: string): ChainTip {
  return { block: null, unavailable: reason };
}
