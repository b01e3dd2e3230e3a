import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { GeneratedChain } from './chain/chain.js';
import { RpcFault } from './rpc/fault.js';
import { answer } from './rpc/methods.js';
import { tracedTransactions } from './rpc/traced.js';

/** Items of a batch that Geth takes by default. */
const BATCH_AT_MOST = 1_000;
const INTERNAL_ERROR = -32_603;

const call = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.number(), z.string(), z.null()]),
  method: z.string(),
  params: z.array(z.unknown()).default([]),
});

/** What was asked of a node. */
export interface Traffic {
  requests: number;
  readonly callsByMethod: Record<string, number>;
}

/** How slow a node is; a generated one answers at once. */
export interface Pace {
  /** What each answer takes at least. */
  readonly latencyMs: number;
  /** What `debug_trace…` takes for each transaction that it runs again, as it does in a real node. */
  readonly traceMs: number;
}

const AT_ONCE: Pace = { latencyMs: 0, traceMs: 0 };

/** A generated chain behind JSON-RPC over HTTP. */
export class GeneratingNode {
  pace: Pace = AT_ONCE;
  private traffic: Traffic = { requests: 0, callsByMethod: {} };
  private readonly server = createServer((incoming, outgoing) => {
    this.serve(incoming).then(
      (body) => outgoing.writeHead(200, { 'content-type': 'application/json' }).end(body),
      () => outgoing.destroy(),
    );
  });

  private constructor(private readonly chain: GeneratedChain) {}

  static async start(chain: GeneratedChain): Promise<GeneratingNode> {
    const node = new GeneratingNode(chain);
    // A client that computes for seconds finds its connections as it left them.
    node.server.keepAliveTimeout = 600_000;
    node.server.listen(0, '127.0.0.1');
    await once(node.server, 'listening');
    return node;
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
    return `http://127.0.0.1:${address.port}`;
  }

  /** What was asked since the last time. */
  takeTraffic(): Traffic {
    const { traffic } = this;
    this.traffic = { requests: 0, callsByMethod: {} };
    return traffic;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async serve(incoming: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    this.traffic.requests++;
    await this.slowDown(body);
    if (!Array.isArray(body)) return JSON.stringify(this.reply(body));
    if (body.length === 0 || body.length > BATCH_AT_MOST) {
      const error = {
        code: -32_600,
        message: body.length === 0 ? 'empty batch' : 'batch too large',
      };
      return JSON.stringify({ jsonrpc: '2.0', id: null, error });
    }
    return JSON.stringify(body.map((entry) => this.reply(entry)));
  }

  private async slowDown(body: unknown): Promise<void> {
    const { latencyMs, traceMs } = this.pace;
    if (latencyMs === 0 && traceMs === 0) return;
    const traced = (Array.isArray(body) ? body : [body]).reduce<number>((sum, entry) => {
      const parsed = call.safeParse(entry);
      return sum + (parsed.success ? tracedTransactions(this.chain, parsed.data) : 0);
    }, 0);
    await delay(latencyMs + traceMs * traced);
  }

  private reply(entry: unknown): object {
    const parsed = call.safeParse(entry);
    if (!parsed.success) {
      return { jsonrpc: '2.0', id: null, error: { code: -32_600, message: 'invalid request' } };
    }
    const { id, method, params } = parsed.data;
    const { callsByMethod } = this.traffic;
    callsByMethod[method] = (callsByMethod[method] ?? 0) + 1;
    try {
      return { jsonrpc: '2.0', id, result: answer(this.chain, method, params) };
    } catch (error) {
      if (error instanceof RpcFault) {
        const { code, message, data } = error;
        return {
          jsonrpc: '2.0',
          id,
          error: { code, message, ...(data === undefined ? {} : { data }) },
        };
      }
      const message = error instanceof Error ? error.message : String(error);
      return { jsonrpc: '2.0', id, error: { code: INTERNAL_ERROR, message } };
    }
  }
}
