import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chain } from '../../devnet/anvil.js';
import { DENSE } from './denseBlock.js';
import { heldStates } from './heldStates.js';

/** How a chain is stretched. */
export interface Stretch {
  /** Heights from one real block to the next. */
  readonly factor: number;
  /** Every so many blocks one is a copy of the dense block; 0: none. */
  readonly denseEvery: number;
}

/** What a node answers of a call: its result, or an error. */
export interface Reply {
  readonly result?: unknown;
  readonly error?: unknown;
}

/** What was asked of the node. */
export interface Traffic {
  calls: number;
  requests: number;
  bytes: number;
  byMethod: Record<string, number>;
  /** Requests by the methods in them. */
  requestsByMethod: Record<string, number>;
  /** How long answers took, by the first method of a request. */
  millisecondsByMethod: Record<string, number>;
}

interface Call {
  readonly id: unknown;
  readonly method: string;
  readonly params: unknown[];
}

type Fields = Record<string, unknown>;

/** Methods whose last parameter is the block whose state is meant. */
const STATE = new Set([
  'eth_getProof',
  'eth_getBalance',
  'eth_getCode',
  'eth_call',
  'eth_getStorageAt',
  'eth_simulateV1',
]);
const EMPTY_BLOOM = `0x${'0'.repeat(512)}`;
/** Begins the hash of a block that the real chain does not have. */
const MADE_UP = '0x57eac4ed';

/**
 * A node in front of a real one that makes its chain longer: every n-th block is a real one, those
 * between are empty, or copies of a dense block of unrelated transactions. Their header has a
 * field of its own, so that its hash cannot be computed, as on other chains than Ethereum.
 */
export class StretchedNode {
  private traffic: Traffic = noTraffic();
  /** Each answer takes at least so long, as the way to an endpoint does, in milliseconds. */
  latencyMs = 0;
  private readonly heights = new Map<string, number>();
  private readonly server = createServer((incoming, outgoing) => {
    this.serve(incoming).then(
      (body) => outgoing.writeHead(200, { 'content-type': 'application/json' }).end(body),
      () => outgoing.destroy(),
    );
  });

  private constructor(
    private readonly chain: Chain,
    private readonly stretch: Stretch,
    private readonly hashes: readonly string[],
    private readonly token: string,
    private readonly proofs: readonly unknown[],
  ) {
    for (const [real, hash] of hashes.entries()) this.heights.set(hash, real * stretch.factor);
  }

  static async start(chain: Chain, stretch: Stretch, token: string): Promise<StretchedNode> {
    const head = Number(await chain.rpc.call<string>('eth_blockNumber'));
    const hashes: string[] = [];
    for (let real = 0; real <= head; real++) {
      const block = await chain.rpc.call<{ hash: string }>('eth_getBlockByNumber', [
        hex(real),
        false,
      ]);
      hashes.push(block.hash);
    }
    const proofs = await heldStates(chain, token, head);
    const node = new StretchedNode(chain, stretch, hashes, token, proofs);
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

  get head(): number {
    return (this.hashes.length - 1) * this.stretch.factor;
  }

  heightOf(real: number): number {
    return real * this.stretch.factor;
  }

  /** What was asked since the last time. */
  takeTraffic(): Traffic {
    const { traffic } = this;
    this.traffic = noTraffic();
    return traffic;
  }

  /** Answers in this process, uncounted and at once. */
  async reply(method: string, params: unknown[]): Promise<Reply> {
    const [reply = {}] = await this.answerAll([{ id: 0, method, params }]);
    return reply;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async serve(incoming: IncomingMessage): Promise<string> {
    let text = '';
    for await (const chunk of incoming) text += chunk;
    const body = JSON.parse(text) as Call | Call[];
    const calls = Array.isArray(body) ? body : [body];
    const { traffic } = this;
    traffic.requests++;
    traffic.calls += calls.length;
    for (const { method } of calls) {
      traffic.byMethod[method] = (traffic.byMethod[method] ?? 0) + 1;
    }
    const asked = [...new Set(calls.map(({ method }) => method))].join(' ');
    traffic.requestsByMethod[asked] = (traffic.requestsByMethod[asked] ?? 0) + 1;
    const startedAt = performance.now();
    const [answers] = await Promise.all([this.answerAll(calls), sleep(this.latencyMs)]);
    const first = calls[0]?.method ?? '';
    const took = Math.round(performance.now() - startedAt);
    traffic.millisecondsByMethod[first] = (traffic.millisecondsByMethod[first] ?? 0) + took;
    const replies = calls.map(({ id }, index) => ({ jsonrpc: '2.0', id, ...answers[index] }));
    const answer = JSON.stringify(Array.isArray(body) ? replies : replies[0]);
    traffic.bytes += text.length + answer.length;
    return answer;
  }

  /** What the real node has to answer goes to it in one batch. */
  private async answerAll(calls: readonly Call[]): Promise<Fields[]> {
    const answers = calls.map((call): Fields | Forwarded => this.answer(call));
    const forwarded = answers.filter((answer) => answer instanceof Forwarded);
    const body = forwarded.map(({ method, params }, id) => ({
      jsonrpc: '2.0',
      id,
      method,
      params,
    }));
    const replies = body.length === 0 ? [] : await this.ask(body);
    return answers.map((answer) => {
      if (!(answer instanceof Forwarded)) return answer;
      const reply = replies[forwarded.indexOf(answer)] ?? {};
      if (reply.error !== undefined) return { error: reply.error };
      return { result: answer.rewrite(reply.result) };
    });
  }

  private async ask(body: readonly object[]): Promise<Fields[]> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(this.chain.url, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return (await response.json()) as Fields[];
  }

  private answer({ method, params = [] }: Call): Fields | Forwarded {
    const [first] = params;
    if (method === 'eth_blockNumber') return { result: hex(this.head) };
    if (method === 'eth_getLogs' || method === 'trace_filter') {
      return this.ranged(method, first as Fields);
    }
    if (/^(eth_getBlock|trace_block|debug_traceBlock)/.test(method)) {
      return this.ofBlock(method, first, params.slice(1));
    }
    if (method === 'eth_getProof' && first === this.token) {
      // The real node computes each again, where others look it up.
      const real = Math.floor((this.heightOfTag(params.at(-1)) ?? 0) / this.stretch.factor);
      return { result: this.proofs[real] };
    }
    if (STATE.has(method)) {
      const last = params.at(-1);
      const asked = typeof last === 'string' && last.length > 66 ? last : this.realState(last);
      return new Forwarded(method, [...params.slice(0, -1), asked], (result) => result);
    }
    return new Forwarded(method, params, (result) => this.rewrite(result));
  }

  private ranged(method: string, filter: Fields): Fields | Forwarded {
    const { factor, denseEvery } = this.stretch;
    const from = Number(filter.fromBlock);
    const to = Math.min(Number(filter.toBlock), this.head);
    const [first, last] = [Math.ceil(from / factor), Math.floor(to / factor)];
    const dense: unknown[] = [];
    // Only who asks for all logs gets those of the copies.
    if (method === 'eth_getLogs' && filter.address === undefined && filter.topics === undefined) {
      for (let height = from; height <= to; height++) {
        if (denseEvery > 0 && this.isDense(height))
          dense.push(...DENSE.logs(height, this.hashOf(height)));
      }
    }
    if (first > last) return { result: dense };
    const params = [{ ...filter, fromBlock: hex(first), toBlock: hex(last) }];
    return new Forwarded(method, params, (result) =>
      dense.length === 0
        ? this.rewrite(result)
        : [...(this.rewrite(result) as unknown[]), ...dense],
    );
  }

  private ofBlock(method: string, tag: unknown, others: unknown[]): Fields | Forwarded {
    const height = this.heightOfTag(tag);
    if (height === null || height > this.head) return { result: null };
    const { factor } = this.stretch;
    if (height % factor === 0) {
      const isByHash = typeof tag === 'string' && tag.length === 66;
      const real = isByHash ? tag : hex(height / factor);
      return new Forwarded(method, [real, ...others], (result) => this.rewrite(result));
    }
    const hash = this.hashOf(height);
    const isDense = this.isDense(height);
    if (/^eth_getBlockBy/.test(method)) {
      return {
        result: isDense ? { ...this.madeUp(height), ...DENSE.header } : this.madeUp(height),
      };
    }
    if (!isDense) return { result: [] };
    if (method === 'eth_getBlockReceipts') return { result: DENSE.receipts(height, hash) };
    return { result: method === 'trace_block' ? DENSE.traces(height, hash) : DENSE.calls() };
  }

  private isDense(height: number): boolean {
    const { factor, denseEvery } = this.stretch;
    return denseEvery > 0 && height % factor !== 0 && height % denseEvery === 0;
  }

  private madeUp(height: number): Fields {
    const zero = `0x${'0'.repeat(64)}`;
    return {
      stretched: true,
      number: hex(height),
      hash: this.hashOf(height),
      parentHash: this.hashOf(height - 1),
      logsBloom: EMPTY_BLOOM,
      stateRoot: zero,
      miner: `0x${'0'.repeat(40)}`,
      timestamp: hex(1_750_000_000 + height),
      transactions: [],
    };
  }

  private hashOf(height: number): string {
    const { factor } = this.stretch;
    const real = height % factor === 0 ? this.hashes[height / factor] : undefined;
    return real ?? `${MADE_UP}${height.toString(16).padStart(56, '0')}`;
  }

  private heightOfTag(tag: unknown): number | null {
    if (tag === 'latest') return this.head;
    const text =
      typeof tag === 'object' && tag !== null ? String(Object.values(tag)[0]) : String(tag);
    if (text.length !== 66) return Number(text);
    if (text.startsWith(MADE_UP)) return Number(`0x${text.slice(MADE_UP.length)}`);
    return this.heights.get(text) ?? null;
  }

  private realState(tag: unknown): unknown {
    if (tag === 'latest') return tag;
    const height = this.heightOfTag(tag);
    if (height === null || height > this.head) return tag;
    return hex(Math.floor(height / this.stretch.factor));
  }

  /** Puts our heights into an answer of the real node, whatever its shape. */
  private rewrite(answer: unknown): unknown {
    if (Array.isArray(answer)) return answer.map((entry) => this.rewrite(entry));
    if (typeof answer !== 'object' || answer === null) return answer;
    const fields = answer as Fields;
    const { blockNumber, number, logs, transactions } = fields;
    return {
      ...fields,
      ...(blockNumber === undefined ? {} : { blockNumber: this.stretched(blockNumber) }),
      ...(number === undefined ? {} : this.headerOf(fields)),
      ...(Array.isArray(logs) ? { logs: this.rewrite(logs) } : {}),
      ...(Array.isArray(transactions) ? { transactions: this.rewrite(transactions) } : {}),
    };
  }

  private headerOf({ number, timestamp }: Fields): Fields {
    const height = Number(number) * this.stretch.factor;
    const parentHash = height === 0 ? `0x${'0'.repeat(64)}` : this.hashOf(height - 1);
    return { stretched: true, number: hex(height), parentHash, timestamp };
  }

  private stretched(blockNumber: unknown): unknown {
    const height = Number(blockNumber) * this.stretch.factor;
    return typeof blockNumber === 'number' ? height : hex(height);
  }
}

function noTraffic(): Traffic {
  return {
    calls: 0,
    requests: 0,
    bytes: 0,
    byMethod: {},
    requestsByMethod: {},
    millisecondsByMethod: {},
  };
}

/** A call for the real node, and what is made of its answer. */
class Forwarded {
  constructor(
    readonly method: string,
    readonly params: readonly unknown[],
    readonly rewrite: (result: unknown) => unknown,
  ) {}
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
