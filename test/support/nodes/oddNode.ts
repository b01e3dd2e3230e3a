import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import { askNode } from './askNode.js';

const rpcCall = z.object({
  id: z.unknown(),
  method: z.string(),
  params: z.array(z.unknown()).default([]),
});

export type OddCall = Omit<z.infer<typeof rpcCall>, 'id'>;

/** What a node answers to one call; `status` other than 200 concerns the whole HTTP answer. */
export interface OddReply {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
  readonly status?: number;
}

/** Asks the node behind, or the dialect before this one. */
export type Ask = (call: OddCall) => Promise<OddReply>;

/** How a node differs from a good one: it changes a question, an answer, or gives its own. */
export type Dialect = (call: OddCall, ask: Ask) => Promise<OddReply>;

export interface OddNode {
  readonly url: string;
  /** What it was asked, in order. */
  readonly asked: readonly OddCall[];
  close(): Promise<void>;
}

/** A node that speaks like `rpcUrl` in the given dialects; the first one hears a call first. */
export async function startOddNode(rpcUrl: string, dialects: readonly Dialect[]): Promise<OddNode> {
  const asked: OddCall[] = [];
  const answer = dialects.reduceRight<Ask>(
    (behind, dialect) => (call) => dialect(call, behind),
    (call) => askNode(rpcUrl, call),
  );
  const server = createServer(async (incoming, outgoing) => {
    try {
      const body: unknown = JSON.parse(await readBody(incoming));
      const calls = (Array.isArray(body) ? body : [body]).map((call) => rpcCall.parse(call));
      asked.push(...calls);
      const replies = await Promise.all(
        calls.map(async ({ id, ...call }) => ({ id, jsonrpc: '2.0', ...(await answer(call)) })),
      );
      const status = replies.find((reply) => reply.status !== undefined)?.status ?? 200;
      const text = JSON.stringify(Array.isArray(body) ? replies : replies[0]);
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end(text);
    } catch {
      // The node behind has ended: so has this one.
      outgoing.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of incoming) body += chunk;
  return body;
}
