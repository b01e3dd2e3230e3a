import { setMaxListeners } from 'node:events';
import { RpcConnectionError } from '@subsquid/rpc-client';
import { redactText } from '../../../config/redact.js';
import { ImoError } from '../../../errors.js';
import { untilAborted } from '../../../untilAborted.js';
import { accessFault } from '../endpoints/accessFault.js';
import { Endpoint } from '../endpoints/endpoint.js';
import { asConnectionError } from '../endpoints/failure.js';
import type { BlockRange } from '../endpoints/rangeLimit.js';
import type { AnswerStore, Fresh } from './answerStore.js';
import { isDoubtful, type RpcAnswer, type WireCall } from './answers.js';
import { settleSoon } from './settleSoon.js';
import { Waiting } from './waiting.js';

/** Time to wait for the other heads after the first one, in milliseconds. */
const GRACE_MS = 150;

const REMEMBERED_BLOCKS = 20_000;
/** Of those that are doubted, the one that was doubted first goes first, however slow it is. */
const DOUBT_WEIGHT = 1_000;

/** What an endpoint was asked for its head. */
interface HeadQuestion {
  readonly answer: Promise<RpcAnswer>;
  /** It is not answered yet: that counts for the score before it is known how long it takes. */
  readonly isLate: () => void;
}

export interface PoolOptions {
  readonly urls: readonly string[];
  /** Endpoints of another chain are not used; `null`: whatever they serve. */
  readonly chainId: number | null;
  readonly onWarning?: (line: string) => void;
  /** Bytes of one answer at most. */
  readonly answerBytes?: number;
}

/**
 * Stands where an RPC client has its connection, and sends each request to the endpoint that
 * serves best. What fails there, or may be wrong, is asked of the others before the client
 * hears of it.
 */
export class PoolConnection {
  readonly endpoints: readonly Endpoint[];
  private readonly servedBy = new Map<string, Endpoint>();
  /** Endpoints that still owe us a head: they are not asked for another one meanwhile. */
  private readonly slow = new Map<Endpoint, HeadQuestion>();
  /** Where the frames of blocks came from, by height. */
  private readonly sources = new Map<number, Set<Endpoint>>();
  private readonly closing = new AbortController();
  /** `null` where nobody listens. */
  readonly waiting: Waiting | null;
  /** Asked before the endpoints; `null`: nothing is remembered. */
  answers: AnswerStore | null = null;

  constructor(private readonly options: PoolOptions) {
    this.endpoints = options.urls.map((url) => new Endpoint(url, options.answerBytes));
    // Every request under way waits for its end.
    setMaxListeners(0, this.closing.signal);
    const { onWarning } = options;
    this.waiting = onWarning === undefined ? null : new Waiting({ onWarning });
  }

  /**
   * @param fresh what comes from an endpoint, whatever is remembered of it
   * @throws an `AbortError` when the pool is closed meanwhile
   */
  call(call: WireCall, timeoutMs = 0, fresh: Fresh = 'nothing'): Promise<RpcAnswer> {
    return untilAborted(this.closing.signal, this.answer(call, timeoutMs, fresh));
  }

  batchCall(
    calls: readonly WireCall[],
    timeoutMs = 0,
    fresh: Fresh = 'nothing',
  ): Promise<RpcAnswer[]> {
    return untilAborted(this.closing.signal, this.answerAll(calls, timeoutMs, fresh));
  }

  private async answer(call: WireCall, timeoutMs: number, fresh: Fresh): Promise<RpcAnswer> {
    if (call.method === 'eth_blockNumber') {
      const head = await this.askHeads(call, timeoutMs);
      this.answers?.put(call, head);
      return head;
    }
    const [answer] = await this.answerAll([call], timeoutMs, fresh);
    if (answer === undefined) throw new RangeError(`no answer to ${call.method}`);
    return answer;
  }

  private async answerAll(
    calls: readonly WireCall[],
    timeoutMs: number,
    fresh: Fresh,
  ): Promise<RpcAnswer[]> {
    const { answers } = this;
    if (answers === null) return this.ask(calls, timeoutMs);
    const known = await Promise.all(
      calls.map((call) => (isFresh(call, fresh) ? null : answers.get(call))),
    );
    const missing = calls.filter((_, index) => known[index] === null);
    const asked = missing.length === 0 ? [] : await this.ask(missing, timeoutMs);
    for (const [index, call] of missing.entries()) answers.put(call, asked[index] ?? {});
    let next = 0;
    return known.map((answer) => answer ?? asked[next++] ?? {});
  }

  /** The hash of a block as a node has it now, whatever is remembered; `null` if none has it. */
  async blockHash(height: number, timeoutMs: number): Promise<string | null> {
    const params = [`0x${height.toString(16)}`, false];
    const call: WireCall = { id: -1, jsonrpc: '2.0', method: 'eth_getBlockByNumber', params };
    const [answer] = await this.ask([call], timeoutMs);
    const { result } = answer ?? {};
    const isBlock = typeof result === 'object' && result !== null && 'hash' in result;
    return isBlock && typeof result.hash === 'string' ? result.hash : null;
  }

  /** The endpoint that answered a method last. */
  servedLast(method: string): Endpoint | undefined {
    return this.servedBy.get(method);
  }

  /** The endpoint that answered a method last gave wrong data. */
  distrust(method: string): void {
    this.answers?.distrust(method);
    this.servedBy.get(method)?.distrust();
  }

  /**
   * The books contradict a block: the endpoints that its frames and logs came from are asked after
   * the others for a minute, whichever of them was wrong.
   */
  distrustBlock(height: number): void {
    this.distrustBlocks({ from: height, to: height });
    const known = this.sources.get(height);
    const suspects = known ?? new Set(this.servedBy.values());
    for (const endpoint of suspects) endpoint.suspect();
    // Who sends it next is the next suspect: so each of them is heard.
    this.sources.delete(height);
  }

  /** What is remembered of blocks may be wrong: an endpoint is asked again. */
  distrustBlocks(range: BlockRange): void {
    this.answers?.distrustBlocks(range);
  }

  /** The endpoint that answered a method last sent the frames or logs of these blocks. */
  sent(method: string, heights: readonly number[]): void {
    const endpoint = this.servedBy.get(method);
    if (endpoint === undefined || this.endpoints.length < 2) return;
    if (this.sources.size > REMEMBERED_BLOCKS) this.sources.clear();
    for (const height of heights) {
      this.sources.set(height, (this.sources.get(height) ?? new Set()).add(endpoint));
    }
  }

  /** Where the frames of blocks came from, as places among the endpoints; empty where there is only one. */
  sourcesOf({ from, to }: BlockRange): number[] {
    const found = new Set<Endpoint>();
    for (let height = from; height <= to; height++) {
      for (const endpoint of this.sources.get(height) ?? []) found.add(endpoint);
    }
    return [...found].map((endpoint) => this.endpoints.indexOf(endpoint));
  }

  /** Another pool of the same endpoints had the frames of blocks from these. */
  cameFrom({ from, to }: BlockRange, places: readonly number[]): void {
    const found = places.flatMap((place) => this.endpoints[place] ?? []);
    if (found.length === 0) return;
    if (this.sources.size > REMEMBERED_BLOCKS) this.sources.clear();
    for (let height = from; height <= to; height++) this.sources.set(height, new Set(found));
  }

  /** An endpoint that sent something wrong is asked after the others. */
  get isAnyDoubted(): boolean {
    const now = Date.now();
    return this.endpoints.some(({ doubtedUntil }) => doubtedUntil > now);
  }

  close(): void {
    this.waiting?.stop();
    this.closing.abort();
    for (const endpoint of this.endpoints) endpoint.close();
  }

  private async ask(calls: readonly WireCall[], timeoutMs: number): Promise<RpcAnswer[]> {
    let doubtful: RpcAnswer[] | null = null;
    let failure: unknown = null;
    let failedAt = '';
    let isAnyResting = false;
    const [first] = calls;
    const endpoints = this.inOrder(first?.method ?? '');
    await this.restOf(endpoints);
    for (const endpoint of endpoints) {
      if (endpoint.restsUntil > Date.now() && endpoint !== endpoints[0]) {
        isAnyResting = true;
        continue;
      }
      try {
        const answers = await this.askEndpoint(endpoint, calls, timeoutMs);
        if (!calls.some((call, index) => isDoubtful(call, answers[index] ?? {}))) return answers;
        doubtful = answers;
      } catch (error) {
        this.waiting?.failed(first?.params, reasonOf(asConnectionError(error)));
        // That one endpoint is of another chain says less than that the others are away.
        if (failure === null || !(error instanceof ImoError)) {
          failure = error;
          failedAt = endpoint.displayUrl;
        }
      }
    }
    if (doubtful !== null) return doubtful;
    // The endpoints that were asked are of another chain; those at rest may be of this one.
    if (isAnyResting && failure instanceof ImoError) throw new RpcConnectionError(failure.message);
    throw accessFault(failure, first?.method ?? '', failedAt) ?? asConnectionError(failure);
  }

  private async askEndpoint(
    endpoint: Endpoint,
    calls: readonly WireCall[],
    timeoutMs: number,
  ): Promise<RpcAnswer[]> {
    const [first] = calls;
    this.waiting?.asking(first?.params, endpoint.displayUrl);
    const answers = await this.sendVerified(endpoint, calls, timeoutMs);
    if (first !== undefined) this.servedBy.set(first.method, endpoint);
    return answers;
  }

  /**
   * The newest block that any endpoint has. It notes which ones lag, and which changed chains. It
   * does not wait for an endpoint that is slower than the others.
   */
  private async askHeads(call: WireCall, timeoutMs: number): Promise<RpcAnswer> {
    await this.restOf(this.endpoints);
    for (const question of this.slow.values()) question.isLate();
    const awake = this.endpoints.filter((endpoint) => endpoint.restsUntil <= Date.now());
    // If all are of another chain, the waiting request must know whether they still are.
    const able = awake.length > 0 ? awake : this.endpoints;
    const prompt = able.filter((endpoint) => !this.slow.has(endpoint));
    const asked = prompt.length > 0 ? prompt : able;
    const questions = asked.map(
      (endpoint) => this.slow.get(endpoint) ?? this.askHead(endpoint, call, timeoutMs),
    );
    const answers = await settleSoon(
      questions.map(({ answer }) => answer),
      (answer) => headOf(answer) >= 0,
      GRACE_MS,
    );
    asked.forEach((endpoint, index) => {
      const question = questions[index];
      if (question === undefined || answers[index] !== null || this.slow.has(endpoint)) return;
      this.slow.set(endpoint, question);
      question.isLate();
      const forget = () => this.slow.delete(endpoint);
      question.answer.then(forget, forget);
    });
    const heads = answers.flatMap((answer) => (answer?.status === 'fulfilled' ? answer.value : []));
    const best = heads.reduce<RpcAnswer | null>((a, b) => (headOf(a) >= headOf(b) ? a : b), null);
    if (best !== null) return best;
    const failed = answers.find((answer) => answer?.status === 'rejected');
    const reason: unknown = failed?.reason ?? new Error('no endpoint is left');
    const endpoint = asked.map(({ displayUrl }) => displayUrl).join(', ');
    throw accessFault(reason, call.method, endpoint) ?? asConnectionError(reason);
  }

  private askHead(endpoint: Endpoint, call: WireCall, timeoutMs: number): HeadQuestion {
    const startedAt = Date.now();
    const measure = () => endpoint.measured(Date.now() - startedAt);
    const ask = async () => {
      const chainCall = { ...call, id: -1, method: 'eth_chainId', params: [] };
      const [head, chain] = await endpoint.send([call, chainCall], timeoutMs);
      measure();
      this.checkChain(endpoint, chain);
      if (typeof head?.result === 'string') endpoint.head = Number(head.result);
      return head ?? {};
    };
    return { answer: ask(), isLate: measure };
  }

  /** What comes first of an endpoint is asked together with its chain: a far node answers each question late. */
  private async sendVerified(
    endpoint: Endpoint,
    calls: readonly WireCall[],
    timeoutMs: number,
  ): Promise<RpcAnswer[]> {
    const verifying = this.verify(endpoint, timeoutMs);
    if (endpoint.wasVerified || endpoint.wrongChain !== null) await verifying;
    const sending = endpoint.send(calls, timeoutMs);
    // That it is of another chain is said first, whatever it answered.
    sending.catch(() => undefined);
    await verifying;
    return sending;
  }

  private async verify(endpoint: Endpoint, timeoutMs: number): Promise<void> {
    if (this.options.chainId === null) return;
    if (endpoint.isVerified && endpoint.wrongChain === null) return;
    const call: WireCall = { id: -1, jsonrpc: '2.0', method: 'eth_chainId', params: [] };
    const [answer] = await endpoint.send([call], timeoutMs);
    this.checkChain(endpoint, answer);
  }

  private checkChain(endpoint: Endpoint, answer: RpcAnswer | undefined): void {
    const { chainId } = this.options;
    if (chainId === null || typeof answer?.result !== 'string') return;
    endpoint.isVerified = true;
    endpoint.wasVerified = true;
    const served = Number(answer.result);
    if (served === chainId) {
      endpoint.isRight();
      return;
    }
    if (endpoint.wrongChain !== served && this.endpoints.length > 1) {
      this.options.onWarning?.(
        `${endpoint.displayUrl} serves chain ${served}, not ${chainId}: it is not used`,
      );
    }
    endpoint.isWrong(served);
    throw new ImoError(
      'CHAIN_ID_MISMATCH',
      `${endpoint.displayUrl} serves chain ${served}, the config says ${chainId}`,
      'Correct `id` or `rpc` of this chain in the config.',
    );
  }

  /** Those that can serve the method, the best first; after them the doubted, then those at rest. */
  private inOrder(method: string): Endpoint[] {
    const now = Date.now();
    const bestHead = Math.max(...this.endpoints.map(({ head }) => head));
    const rank = (endpoint: Endpoint) =>
      (endpoint.restsUntil > now ? 1e12 + endpoint.restsUntil - now : 0) +
      (endpoint.doubtedUntil > now ? 1e9 + DOUBT_WEIGHT * (endpoint.doubtedUntil - now) : 0) +
      endpoint.score(bestHead);
    const able = this.endpoints.filter(({ lacks }) => !lacks.has(method));
    return [...(able.length > 0 ? able : this.endpoints)].sort((a, b) => rank(a) - rank(b));
  }

  /** Waits while all of them rest. */
  private async restOf(endpoints: readonly Endpoint[]): Promise<void> {
    // One of another chain is asked again at once if there is no other: its owner may have
    // corrected it, and the waiting request must report why.
    const usable = endpoints.filter(({ wrongChain }) => wrongChain === null);
    const until = Math.min(...usable.map(({ restsUntil }) => restsUntil));
    const pause = until - Date.now();
    if (usable.length > 0 && pause > 0) await this.sleep(pause);
  }

  private sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const { signal } = this.closing;
      const stop = () => {
        clearTimeout(timer);
        reject(new Error('the connection was closed'));
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stop);
        resolve();
      }, milliseconds);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
  }
}

/** Why an endpoint failed, without what may be a secret. */
function reasonOf(error: unknown): string {
  return redactText(error instanceof Error ? error.message : 'unknown');
}

function headOf(answer: RpcAnswer | null): number {
  return typeof answer?.result === 'string' ? Number(answer.result) : -1;
}

function isFresh({ method }: WireCall, fresh: Fresh): boolean {
  return fresh === 'everything' || (fresh === 'headers' && method === 'eth_getBlockByNumber');
}
