import { postJson } from '../../../devnet/postJson.js';

/** One call as a simulated node passes it on. */
interface Question {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What the node answers: a result or an error. */
export interface NodeAnswer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

interface Waiting {
  readonly question: Question;
  readonly resolve: (answer: NodeAnswer) => void;
  readonly reject: (reason: unknown) => void;
}

/** Calls that nobody has sent yet, by the URL of the node. */
const waiting = new Map<string, Waiting[]>();

/**
 * Asks a node. Calls that are made at the same time go in one request, as those of one batch do that a
 * simulated node takes apart: a request costs more than most answers.
 *
 * @throws Error of the connection
 */
export function askNode(url: string, question: Question): Promise<NodeAnswer> {
  return new Promise((resolve, reject) => {
    const one = { question, resolve, reject };
    const others = waiting.get(url);
    if (others !== undefined) return void others.push(one);
    waiting.set(url, [one]);
    setImmediate(() => void send(url));
  });
}

async function send(url: string): Promise<void> {
  const asked = waiting.get(url) ?? [];
  waiting.delete(url);
  const calls = asked.map(({ question: { method, params } }, id) => ({
    ...{ jsonrpc: '2.0', id, method, params },
  }));
  try {
    const answer = await postJson(url, calls.length === 1 ? calls[0] : calls);
    const answers = [answer].flat() as (NodeAnswer & { readonly id: number })[];
    const byId = new Map(answers.map((one) => [one.id, one]));
    for (const [id, { resolve, reject }] of asked.entries()) {
      const { result, error } = byId.get(id) ?? {};
      if (!byId.has(id)) reject(new Error(`${url} did not answer a call of a batch`));
      else resolve(error === undefined ? { result } : { error });
    }
  } catch (error) {
    for (const { reject } of asked) reject(error);
  }
}
