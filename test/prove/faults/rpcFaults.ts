import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { postText } from '../../../devnet/postJson.js';
import type { SeededRandom } from '../../../devnet/random.js';

export interface RpcCall {
  readonly id: unknown;
  readonly method: string;
  readonly params?: readonly unknown[];
}
export interface RpcAnswer {
  readonly id: unknown;
  readonly result?: unknown;
}

/** How endpoints fail while they do; what they answer in another way counts as `failing`. */
export interface Failing {
  /** Called first: `reset` closes the connection, `answers` asks the chain. */
  readonly before?: () => Promise<
    'reset' | 'answers' | { readonly status: number; readonly body: string }
  >;
  /** What is answered instead; `null`: the answer of the chain. */
  readonly answer?: (call: RpcCall, answer: RpcAnswer) => object | null;
}

/** Faults of the transport: the client knows that it has no answer. */
const TRANSPORT = ['hang', 'reset', 'error 500', 'error 429', 'truncated'] as const;
/** Answers that look like answers, and are wrong: to questions of one kind, and to any. */
const LIES = [
  'no block',
  'no logs',
  'a log less',
  'no traces',
  'a frame less',
  'old head',
  'too wide',
] as const;
const NONSENSE = ['wrong type', 'refusal'] as const;

export type RpcFault =
  | (typeof TRANSPORT)[number]
  | (typeof LIES)[number]
  | (typeof NONSENSE)[number]
  | 'failing';

/** A request that hangs is cancelled after so many others, or after this time. */
const HANG_REQUESTS = 12;
const HANG_MS = 1_000;

/** Endpoints between the indexer and the chain that answer wrongly now and then. */
export class FaultyRpc {
  /** Of 1000 requests, how many go wrong; 0: none. */
  perMille = 0;
  /** Besides faults of single requests: all endpoints fail; `null`: they do not. */
  failing: Failing | null = null;
  readonly counts = new Map<RpcFault, number>();
  requests = 0;
  /** Awaited before the proxy asks the chain. */
  gate: () => Promise<void> = async () => undefined;
  private readonly servers: Server[] = [];
  private readonly waiting: { readonly at: number; readonly wake: () => void }[] = [];

  private constructor(
    private readonly upstream: string,
    private readonly random: SeededRandom,
    private readonly faults: readonly RpcFault[],
  ) {}

  /** @param lies also answers that are wrong, not only missing */
  static async start(
    upstream: string,
    random: SeededRandom,
    { lies, endpoints }: { lies: boolean; endpoints: number },
  ): Promise<FaultyRpc> {
    const faults = lies ? [...TRANSPORT, ...LIES, ...NONSENSE] : TRANSPORT;
    const rpc = new FaultyRpc(upstream, random, faults);
    while (rpc.servers.length < endpoints) await rpc.open();
    return rpc;
  }

  get urls(): string[] {
    return this.servers.map((server) => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('no TCP port');
      return `http://127.0.0.1:${address.port}`;
    });
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Resolves when so many further requests have come. */
  after(requests: number): Promise<void> {
    const at = this.requests + requests;
    return new Promise((wake) => {
      this.waiting.push({ at, wake });
    });
  }

  async stop(): Promise<void> {
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  }

  private async open(): Promise<void> {
    const server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.servers.push(server);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    this.count();
    const isWrong = this.random.uint32() % 1000 < this.perMille;
    const drawn = isWrong ? this.random.pick(this.faults) : null;
    // A hanging endpoint holds everything up: one in ten of them is enough.
    const fault = drawn === 'hang' && !this.random.chance(10) ? 'reset' : drawn;
    const call = JSON.parse(body) as RpcCall | RpcCall[];
    switch (fault) {
      case 'hang':
        this.note(fault);
        await Promise.race([this.after(HANG_REQUESTS), delay(HANG_MS)]);
        response.destroy();
        return;
      case 'reset':
        this.note(fault);
        response.destroy();
        return;
      case 'error 500':
        this.note(fault);
        response.writeHead(500).end('upstream failed');
        return;
      case 'error 429':
        this.note(fault);
        response.writeHead(429, { 'retry-after': '0' }).end('slow down');
        return;
      default:
    }
    const { failing } = this;
    const first = (await failing?.before?.()) ?? 'answers';
    if (failing?.before !== undefined) this.note('failing');
    if (first === 'reset') {
      response.destroy();
      return;
    }
    if (first !== 'answers') {
      response.writeHead(first.status, { 'retry-after': '0' }).end(first.body);
      return;
    }
    await this.gate();
    const text = await postText(this.upstream, body);
    response.setHeader('content-type', 'application/json');
    if (fault === 'truncated') {
      this.note(fault);
      response.end(text.slice(0, Math.floor(text.length / 2)));
    } else if (fault === null) {
      response.end(failing?.answer === undefined ? text : this.fail(failing.answer, call, text));
    } else {
      response.end(this.lie(call, text));
    }
  }

  /** The answer with one of its results falsified: in the way of its question, if there is one. */
  private lie(call: RpcCall | RpcCall[], text: string): string {
    const answers = JSON.parse(text) as RpcAnswer | RpcAnswer[];
    const methods = new Map([call].flat().map(({ id, method }) => [id, method]));
    const falsify = (answer: RpcAnswer): object => {
      for (const fault of [...this.random.shuffled(LIES), this.random.pick(NONSENSE)]) {
        const wrong = falsified(fault, methods.get(answer.id) ?? '', answer);
        if (wrong === null) continue;
        this.note(fault);
        return wrong;
      }
      return answer;
    };
    if (!Array.isArray(answers)) return JSON.stringify(falsify(answers));
    const victim = this.random.integer(0, Math.max(0, answers.length - 1));
    return JSON.stringify(answers.map((answer, at) => (at === victim ? falsify(answer) : answer)));
  }

  private fail(
    instead: NonNullable<Failing['answer']>,
    call: RpcCall | RpcCall[],
    text: string,
  ): string {
    const calls = new Map([call].flat().map((one) => [one.id, one]));
    const failed = (answer: RpcAnswer): object => {
      const asked = calls.get(answer.id);
      const other = asked === undefined ? null : instead(asked, answer);
      if (other !== null) this.note('failing');
      return other ?? answer;
    };
    const answers = JSON.parse(text) as RpcAnswer | RpcAnswer[];
    return JSON.stringify(Array.isArray(answers) ? answers.map(failed) : failed(answers));
  }

  private note(fault: RpcFault): void {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
  }

  private count(): void {
    this.requests += 1;
    for (let index = this.waiting.length - 1; index >= 0; index -= 1) {
      const entry = this.waiting[index];
      if (entry === undefined || entry.at > this.requests) continue;
      this.waiting.splice(index, 1);
      entry.wake();
    }
  }
}

function falsified(fault: RpcFault, method: string, answer: RpcAnswer): object | null {
  const { result } = answer;
  const instead = (value: unknown) => ({ ...answer, result: value });
  switch (fault) {
    case 'no block':
      return method.startsWith('eth_getBlockBy') && result !== null ? instead(null) : null;
    case 'no logs':
      return method === 'eth_getLogs' && isFilled(result) ? instead([]) : null;
    case 'no traces':
      return /^(trace_block|trace_filter|debug_traceBlock)/.test(method) && isFilled(result)
        ? instead(method === 'trace_block' ? null : [])
        : null;
    case 'a log less':
      return method === 'eth_getLogs' && isFilled(result) ? instead(result.slice(1)) : null;
    case 'a frame less':
      return /^trace_(block|filter|transaction)$/.test(method) && isFilled(result)
        ? instead(result.slice(0, -1))
        : null;
    case 'too wide':
      return /^(eth_getLogs|trace_filter)$/.test(method)
        ? refusal(answer.id, 'block range is too wide')
        : null;
    case 'old head':
      return method === 'eth_blockNumber' ? instead(lowered(result)) : null;
    case 'wrong type':
      return instead({ unexpected: true });
    case 'refusal':
      return refusal(answer.id, 'header not found');
    default:
      return null;
  }
}

function refusal(id: unknown, message: string): object {
  return { jsonrpc: '2.0', id, error: { code: -32000, message } };
}

function isFilled(result: unknown): result is unknown[] {
  return Array.isArray(result) && result.length > 0;
}

/** A node that is some blocks behind. */
function lowered(result: unknown): string {
  return `0x${Math.max(0, Number(result) - 4).toString(16)}`;
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}
