import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketProvider } from 'ethers';

/** A question to a node of a chain. */
export interface NodeQuestion<T> {
  readonly method: string;
  readonly params: readonly unknown[];
  /** @returns `null` if the result is not what was asked for */
  answerOf(result: unknown): T | null;
  /** What the answer should be, for messages. */
  readonly wanted: string;
}

/** An answer, or why there is none. Reasons never contain the URL: it may hold a key. */
export type NodeAnswer<T> =
  | { readonly answer: T; readonly unavailable: null }
  | { readonly answer: null; readonly unavailable: string };

/** The newest block of a node. */
export const NEWEST_BLOCK: NodeQuestion<number> = {
  method: 'eth_blockNumber',
  params: [],
  answerOf(result) {
    if (typeof result !== 'string' || !/^0x[0-9a-f]{1,14}$/i.test(result)) return null;
    return Number(result);
  },
  wanted: 'a block number',
};

const ANSWER_WITHIN_MS = 1_500;
/** Time to wait for an endpoint before asking the next one too. */
const ASK_NEXT_AFTER_MS = 300;

/**
 * What the first endpoint says that answers; if none does, why the first one did not. The next one is
 * asked if one fails or is slow.
 */
export async function askInTurn<T>(
  rpcUrls: readonly string[],
  question: NodeQuestion<T>,
): Promise<NodeAnswer<T>> {
  const asked: Promise<NodeAnswer<T>>[] = [];
  for (const rpcUrl of rpcUrls) {
    asked.push(askNode(rpcUrl, question));
    const isLast = asked.length === rpcUrls.length;
    const enough = new AbortController();
    const { signal } = enough;
    const tooSlow = delay(ASK_NEXT_AFTER_MS, null, { signal }).catch(() => null);
    const known = await (isLast ? firstKnown(asked) : Promise.race([firstKnown(asked), tooSlow]));
    enough.abort();
    if (known !== null) return known;
  }
  return asked[0] ?? unavailable('the server was given no RPC URL for this chain');
}

/** The first answer that is known; `null` if none is. */
function firstKnown<T>(asked: readonly Promise<NodeAnswer<T>>[]): Promise<NodeAnswer<T> | null> {
  const known = asked.map(async (asking) => {
    const answer = await asking;
    if (answer.unavailable !== null) throw new NodeError(answer.unavailable);
    return answer;
  });
  return Promise.any(known).catch(() => null);
}

async function askNode<T>(rpcUrl: string, question: NodeQuestion<T>): Promise<NodeAnswer<T>> {
  const { method, params, answerOf, wanted } = question;
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  try {
    const ask = /^wss?:/i.test(rpcUrl) ? askWebSocket : askHttp;
    const answer = answerOf(await ask(rpcUrl, body));
    if (answer === null) throw new NodeError(`the node did not answer with ${wanted}`);
    return { answer, unavailable: null };
  } catch (error) {
    return unavailable(reasonOf(error));
  }
}

/** A reason that may be shown. */
class NodeError extends Error {
  override readonly name = 'NodeError';
}

async function askHttp(rpcUrl: string, body: string): Promise<unknown> {
  const { href, authorization } = withoutCredentials(rpcUrl);
  const response = await fetch(href, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body,
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
async function askWebSocket(rpcUrl: string, body: string): Promise<unknown> {
  const socket = new WebSocketProvider(rpcUrl).websocket;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(timeout()), ANSWER_WITHIN_MS);
      socket.onopen = () => socket.send(body);
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

function unavailable(reason: string): NodeAnswer<never> {
  return { answer: null, unavailable: reason };
}
