import { WsConnection } from '@subsquid/rpc-client/lib/transport/ws.js';
import { redactUrl } from '../../../config/redact.js';
import type { RpcAnswer, WireCall } from '../connection/answers.js';
import { HttpConnection } from '../connection/httpConnection.js';
import { AnswerTooLargeError } from '../connection/receiveBody.js';
import { ANSWER_BYTES_AT_MOST, tooLarge, withoutLargeViews } from './answerLimit.js';
import { isOverlong, refusalIn, retryAfterMs } from './failure.js';
import { askedRange, askInParts, type BlockRange, RangeLimit } from './rangeLimit.js';
import { isRateLimit, isUnknownMethod } from './refusal.js';

/** How long an endpoint rests after its first, second, … failure in a row, in milliseconds. */
const REST_MS = [10, 100, 500, 2_000, 5_000];
/** How long an endpoint of another chain is left alone before it is asked again. */
const WRONG_CHAIN_REST_MS = 60_000;
/** How long others are asked first after an answer that was wrong. */
const DOUBT_MS = 1_000;
/** The same after a block of its that the books contradict: reading it again may take as long. */
const SUSPICION_MS = 60_000;
/** Once may be chance; an endpoint that miscounts does so in every other block. */
const MISCOUNTINGS_BELIEVED = 3;
/** Weight of the newest observation in a moving average. */
const NEWEST = 0.2;
/** A node this far behind the best one is used only when there is no other. */
const LAG_BLOCKS_AT_MOST = 3;

/** One JSON-RPC endpoint, and how well it has served. */
export class Endpoint {
  /** Without what may be a secret. */
  readonly displayUrl: string;
  /** Where it takes subscriptions, with its secrets; `null`: nowhere. */
  readonly webSocketUrl: string | null;
  /** Methods that it does not have. */
  readonly lacks = new Set<string>();
  /** How many blocks it answers at once, by method. */
  private readonly limits = new Map<string, RangeLimit>();
  /** It has put a log into a call tree (`withLog`) before. */
  writesTreeLogs = false;
  /** How often its frames were whole although they counted more children than there were. */
  private miscountings = 0;
  /** Newest block that it reported. */
  head = -1;
  /** It must be asked for its chain before it is used. */
  isVerified = false;
  /** It has said which chain it serves before. */
  wasVerified = false;
  /** Of its last answer, if it is another chain than ours. */
  wrongChain: number | null = null;
  /** Not to be asked before, ms since 1970. */
  restsUntil = 0;
  /** Ask others first until this time, ms since 1970. It answers, so there is no need to wait for it. */
  doubtedUntil = 0;
  private readonly connection: HttpConnection | WsConnection;
  /** While it connects: a WebSocket refuses a second attempt meanwhile. */
  private connecting: Promise<void> | null = null;
  private nextId = 1;
  private failuresInRow = 0;
  private lastFailureAt = 0;
  private errorRate = 0;
  private latencyMs = 0;

  /** @param answerBytes of one answer at most, by HTTP; by WebSocket the library's limit is 24 MB */
  constructor(
    url: string,
    private readonly answerBytes = ANSWER_BYTES_AT_MOST,
  ) {
    this.displayUrl = redactUrl(url);
    this.webSocketUrl = /^wss?:/i.test(url) ? url : null;
    this.connection =
      this.webSocketUrl === null ? new HttpConnection(url, answerBytes) : new WsConnection({ url });
  }

  /**
   * Sends one call or a batch of calls; one that asks for a range of blocks in as many parts as
   * the endpoint needs. Rejects with what the transport threw.
   */
  async send(calls: readonly WireCall[], timeoutMs: number): Promise<RpcAnswer[]> {
    const [only, ...more] = calls;
    const range = only === undefined || more.length > 0 ? null : askedRange(only);
    if (only === undefined || range === null) return this.sendWhole(calls, timeoutMs);
    const limit = this.limitOf(only.method);
    const send = (parts: readonly WireCall[]) => this.sendParts(parts, limit, timeoutMs);
    return [await askInParts(only, range, limit, send)];
  }

  /** How many blocks of a range it is known to answer at once at most; `null`: no limit is known. */
  blocksAtOnce(method: string): number | null {
    const { blocks = Number.POSITIVE_INFINITY } = this.limits.get(method) ?? {};
    return Number.isFinite(blocks) ? blocks : null;
  }

  private async sendParts(
    parts: readonly WireCall[],
    limit: RangeLimit,
    timeoutMs: number,
  ): Promise<RpcAnswer[]> {
    try {
      return await this.sendWhole(parts, timeoutMs);
    } catch (error) {
      const widest: BlockRange | null | undefined = parts
        .map(askedRange)
        .find((part) => part !== null);
      // What took too long may be too much; or the endpoint is away, and others are asked first.
      if (widest && isOverlong(error)) limit.refused(widest, '');
      throw error;
    }
  }

  private limitOf(method: string): RangeLimit {
    const known = this.limits.get(method);
    if (known !== undefined) return known;
    const limit = new RangeLimit();
    this.limits.set(method, limit);
    return limit;
  }

  private connect(): Promise<void> {
    this.connecting ??= this.connection.connect().finally(() => {
      this.connecting = null;
    });
    return this.connecting;
  }

  /** Its clients number their calls alike, and a WebSocket finds the call of an answer by the number alone. */
  private async sendWhole(asked: readonly WireCall[], timeoutMs: number): Promise<RpcAnswer[]> {
    const calls = asked.map((call) => ({ ...call, id: this.nextId++ }));
    const startedAt = Date.now();
    try {
      await this.connect();
      const [only, ...more] = calls;
      const answers: RpcAnswer[] =
        only !== undefined && more.length === 0
          ? [await this.connection.call(only, timeoutMs)]
          : await this.connection.batchCall([...calls], timeoutMs);
      calls.forEach(({ method }, index) => {
        const error = answers[index]?.error;
        if (error !== undefined && error !== null && isUnknownMethod(error)) this.lacks.add(method);
      });
      const limited = answers.some(({ error }) => error !== undefined && isRateLimit(error));
      if (limited) this.failed(startedAt, null);
      else this.succeeded();
      return withoutLargeViews(calls, answers);
    } catch (error) {
      if (error instanceof AnswerTooLargeError) return this.sendInHalves(calls, timeoutMs);
      const refusal = refusalIn(error);
      if (refusal !== null) return calls.map(() => ({ error: refusal }));
      this.failed(startedAt, retryAfterMs(error, Date.now()));
      this.isVerified = false;
      throw error;
    }
  }

  /** The answer to all of it is too large: half of the calls may not be. */
  private async sendInHalves(calls: readonly WireCall[], timeoutMs: number): Promise<RpcAnswer[]> {
    if (calls.length <= 1) {
      return withoutLargeViews(calls, [{ error: tooLarge(this.answerBytes) }]);
    }
    const middle = Math.ceil(calls.length / 2);
    const first = await this.sendWhole(calls.slice(0, middle), timeoutMs);
    return [...first, ...(await this.sendWhole(calls.slice(middle), timeoutMs))];
  }

  /** Its answer contradicted itself or the chain: others are asked first for a while. */
  distrust(): void {
    this.erred();
    this.doubtedUntil = Date.now() + DOUBT_MS;
  }

  /** Its numbers of children of a frame are wrong. */
  get miscounts(): boolean {
    return this.miscountings >= MISCOUNTINGS_BELIEVED;
  }

  miscounted(): void {
    this.miscountings++;
  }

  /** The books contradict what it sent: others are asked first until they have been heard. */
  suspect(): void {
    this.doubtedUntil = Date.now() + SUSPICION_MS;
  }

  /** It serves our chain, whatever it did before. */
  isRight(): void {
    if (this.wrongChain !== null) this.restsUntil = 0;
    this.wrongChain = null;
  }

  isWrong(chainId: number): void {
    this.wrongChain = chainId;
    this.restsUntil = Date.now() + WRONG_CHAIN_REST_MS;
  }

  /** How long it took to say where its head is, in milliseconds. */
  measured(latencyMs: number): void {
    this.latencyMs += NEWEST * (latencyMs - this.latencyMs);
  }

  /** Lower is better: latency, made longer by errors and by lag. */
  score(bestHead: number): number {
    const lag = this.head < 0 ? 0 : Math.max(0, bestHead - this.head - LAG_BLOCKS_AT_MOST);
    return (this.latencyMs + 20) * (1 + 10 * this.errorRate) + 1_000 * lag;
  }

  close(): void {
    this.connection.close();
  }

  private succeeded(): void {
    this.failuresInRow = 0;
    this.errorRate -= NEWEST * this.errorRate;
  }

  /** Requests that were under way together count as one failure. */
  private failed(startedAt: number, restMs: number | null): void {
    const now = Date.now();
    this.erred();
    if (restMs === null && startedAt < this.lastFailureAt) return;
    this.lastFailureAt = now;
    this.failuresInRow++;
    const rest = restMs ?? REST_MS[Math.min(this.failuresInRow, REST_MS.length) - 1] ?? 0;
    this.restsUntil = Math.max(this.restsUntil, now + rest);
  }

  private erred(): void {
    this.errorRate += NEWEST * (1 - this.errorRate);
  }
}
