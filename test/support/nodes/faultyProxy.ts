import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { askNode } from './askNode.js';
import { type Corruption, corrupt } from './corruptions.js';

const rpcCall = z.object({
  id: z.unknown(),
  method: z.string(),
  params: z.array(z.unknown()).default([]),
});

export type ProxiedCall = z.infer<typeof rpcCall>;

/** What goes wrong with an HTTP answer as a whole. */
type TransportFault =
  /** No answer for `delayMs`, then the connection breaks. */
  | { readonly kind: 'timeout'; readonly delayMs: number }
  /** A good answer, so much later. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'hangup' }
  /** 429 with a Retry-After of so many seconds. */
  | { readonly kind: 'rateLimit'; readonly retryAfterSeconds: number }
  | { readonly kind: 'serverError'; readonly status: number }
  | { readonly kind: 'truncated' };

export type Fault = (TransportFault | Corruption) & {
  /** Only calls of this method; default: of any. */
  readonly method?: string;
  /** Only calls that concern this block by its number, its hash or a range around it. */
  readonly block?: number;
  /** Only calls of a contract's function with this selector. */
  readonly selector?: string;
  /** How often; default: once. */
  readonly times?: number;
};

/** A fault that waits for calls to happen to. */
export interface Injected {
  /** How often it has happened. */
  readonly count: number;
  /** Resolves when it has happened as often as it should. */
  readonly done: Promise<void>;
  cancel(): void;
}

export interface FaultyProxy {
  readonly url: string;
  inject(fault: Fault): Injected;
  /** From now on another node answers. */
  routeTo(rpcUrl: string): void;
  /** Calls of a method so far. */
  calls(method: string): number;
  /** Resolves when a method was called that often. */
  called(method: string, times: number): Promise<void>;
  /** Faults that have happened. */
  readonly faults: number;
  close(): Promise<void>;
}

class PendingFault implements Injected {
  count = 0;
  isCancelled = false;
  finish: () => void = () => undefined;
  readonly done = new Promise<void>((resolve) => {
    this.finish = resolve;
  });

  constructor(readonly fault: Fault) {}

  get isWaiting(): boolean {
    return !this.isCancelled && this.count < (this.fault.times ?? 1);
  }

  cancel(): void {
    this.isCancelled = true;
  }

  happened(): void {
    this.count++;
    if (!this.isWaiting) this.finish();
  }
}

/** A node behind a proxy that breaks its answers on command. */
export async function startFaultyProxy(rpcUrl: string): Promise<FaultyProxy> {
  let upstream = rpcUrl;
  let faults = 0;
  const counts = new Map<string, number>();
  const counted = new EventEmitter();
  const pending: PendingFault[] = [];

  const take = async (call: ProxiedCall, isTransport: boolean): Promise<Fault | null> => {
    for (const one of pending) {
      if (!one.isWaiting || isTransportFault(one.fault) !== isTransport) continue;
      if (one.fault.method !== undefined && one.fault.method !== call.method) continue;
      const { block, selector } = one.fault;
      if (selector !== undefined && !isCallOf(call, selector)) continue;
      if (block !== undefined && !(await concerns(call, block, upstream))) continue;
      if (!one.isWaiting) continue;
      one.happened();
      faults++;
      return one.fault;
    }
    return null;
  };
  const answer = async (call: ProxiedCall): Promise<unknown> => {
    const good = await forward(upstream, call);
    const fault = await take(call, false);
    return fault === null || isTransportFault(fault) ? good : corrupt(fault, call, good);
  };
  const server = createServer(async (incoming, outgoing) => {
    const body: unknown = JSON.parse(await readBody(incoming));
    const calls = (Array.isArray(body) ? body : [body]).map((call) => rpcCall.parse(call));
    for (const { method } of calls) counts.set(method, (counts.get(method) ?? 0) + 1);
    counted.emit('call');
    for (const call of calls) {
      const fault = await take(call, true);
      if (fault === null || !isTransportFault(fault)) continue;
      if (fault.kind === 'slow') {
        await delay(fault.delayMs);
        continue;
      }
      if (fault.kind !== 'truncated') return fail(fault, outgoing);
      const whole = JSON.stringify(await Promise.all(calls.map(answer)));
      outgoing.setHeader('content-type', 'application/json').end(whole.slice(0, -3));
      return;
    }
    const answers = await Promise.all(calls.map(answer));
    const result = Array.isArray(body) ? answers : answers[0];
    outgoing.setHeader('content-type', 'application/json').end(JSON.stringify(result));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    inject(fault) {
      const one = new PendingFault(fault);
      pending.push(one);
      return one;
    },
    routeTo(target) {
      upstream = target;
    },
    calls: (method) => counts.get(method) ?? 0,
    async called(method, times) {
      while ((counts.get(method) ?? 0) < times) await once(counted, 'call');
    },
    get faults() {
      return faults;
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const TRANSPORT = new Set<string>([
  'timeout',
  'slow',
  'hangup',
  'rateLimit',
  'serverError',
  'truncated',
]);

function isTransportFault(fault: Fault): fault is Fault & TransportFault {
  return TRANSPORT.has(fault.kind);
}

function fail(fault: TransportFault, outgoing: ServerResponse): void {
  if (fault.kind === 'hangup') outgoing.destroy();
  else if (fault.kind === 'timeout') setTimeout(() => outgoing.destroy(), fault.delayMs).unref();
  else if (fault.kind === 'rateLimit') {
    outgoing.writeHead(429, { 'retry-after': String(fault.retryAfterSeconds) }).end('slow down');
  } else if (fault.kind === 'serverError') outgoing.writeHead(fault.status).end('it is broken');
}

async function forward(rpcUrl: string, { id, ...call }: ProxiedCall): Promise<unknown> {
  return { jsonrpc: '2.0', id, ...(await askNode(rpcUrl, call)) };
}

/** Whether a call asks for a block: its number, its hash, or a range that contains it. */
function isCallOf({ params: [question] }: ProxiedCall, selector: string): boolean {
  const parsed = z.object({ data: z.string() }).safeParse(question);
  return parsed.success && parsed.data.data.startsWith(selector);
}

async function concerns(call: ProxiedCall, block: number, rpcUrl: string): Promise<boolean> {
  const [question, state] = call.params;
  // Calls and balances name the block whose state they ask for after what they ask.
  const atHash = z.object({ blockHash: z.string() }).safeParse(state);
  const first = atHash.success ? atHash.data.blockHash : question;
  if (typeof first === 'string' && first.length === 66) {
    const asked = await forward(rpcUrl, {
      id: 1,
      method: 'eth_getBlockByHash',
      params: [first, false],
    });
    const answer = z.object({ result: z.object({ number: z.string() }).nullable() }).parse(asked);
    return answer.result !== null && Number(answer.result.number) === block;
  }
  const range = z.object({ fromBlock: z.string(), toBlock: z.string() }).safeParse(first);
  if (range.success) {
    return Number(range.data.fromBlock) <= block && block <= Number(range.data.toBlock);
  }
  return typeof first === 'string' && Number(first) === block;
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of incoming) body += chunk;
  return body;
}
