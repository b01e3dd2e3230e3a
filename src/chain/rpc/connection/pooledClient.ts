import { type CallOptions, RpcClient } from '@subsquid/rpc-client';
import type { Endpoint } from '../endpoints/endpoint.js';
import type { Fresh } from './answerStore.js';
import type { WireCall } from './answers.js';
import type { PoolConnection } from './poolConnection.js';

export interface PooledClientOptions {
  /** Requests under way at once. */
  readonly capacity: number;
  readonly requestTimeoutMs: number;
  /** How often a request is sent again that no endpoint answered. */
  readonly retryAttempts: number;
  /** Calls per second at most, those inside of batches counted; default: no limit. */
  readonly rateLimit?: number;
  /** What it asks for without any cache: headers show whether the chain is still the same. */
  readonly fresh?: Fresh;
}

/**
 * The RPC client of the Subsquid libraries over several endpoints, which outlive it. It polls
 * for new heads, whatever the scheme of the endpoints.
 */
export class PooledClient extends RpcClient {
  /** For messages: the endpoints, without secrets. */
  readonly displayUrl: string;
  readonly endpointCount: number;
  /** Asks for the frames of blocks by their transactions. */
  framesByTransaction = false;

  constructor(
    private readonly pool: PoolConnection,
    options: PooledClientOptions,
  ) {
    super({
      // Its own connection is replaced below, before it opens one.
      url: 'http://127.0.0.1',
      capacity: options.capacity,
      maxBatchCallSize: 100,
      requestTimeout: options.requestTimeoutMs,
      retryAttempts: options.retryAttempts,
      ...(options.rateLimit === undefined ? {} : { rateLimit: options.rateLimit }),
      // Endpoints rest by themselves after a failure.
      retrySchedule: [0],
      log: null,
    });
    const { fresh = 'nothing' } = options;
    this.displayUrl = pool.endpoints.map(({ displayUrl }) => displayUrl).join(', ');
    this.endpointCount = pool.endpoints.length;
    (this as unknown as { con: object }).con = {
      connect: () => Promise.resolve(),
      call: (call: WireCall, timeoutMs?: number) => pool.call(call, timeoutMs, fresh),
      batchCall: (calls: readonly WireCall[], timeoutMs?: number) =>
        pool.batchCall(calls, timeoutMs, fresh),
      close: () => undefined,
    };
  }

  override call<T>(method: string, params?: unknown[], options?: CallOptions<T>): Promise<T> {
    const answer = () => super.call<T>(method, params, options);
    return this.pool.waiting?.watch({ method, params }, answer) ?? answer();
  }

  override batchCall<T>(
    calls: { method: string; params?: unknown[] }[],
    options?: CallOptions<T>,
  ): Promise<T[]> {
    const [first] = calls;
    const answer = () => super.batchCall<T>(calls, options);
    // A single one comes by `call`.
    if (first === undefined || calls.length === 1) return answer();
    return this.pool.waiting?.watch(first, answer) ?? answer();
  }

  /** Every endpoint, to find out what it can do. */
  get endpoints(): readonly Endpoint[] {
    return this.pool.endpoints;
  }

  /** For messages: the endpoint that answered a method last, without secrets. */
  endpointOf(method: string): string {
    return this.pool.servedLast(method)?.displayUrl ?? this.displayUrl;
  }

  /** The endpoint that answered a method last sent the frames of these blocks. */
  sent(method: string, heights: readonly number[]): void {
    this.pool.sent(method, heights);
  }

  /** Whether the endpoint that answered a method last has ever put a log into a call tree. */
  writesTreeLogs(method: string): boolean {
    return this.pool.servedLast(method)?.writesTreeLogs ?? false;
  }

  /** The call tree of the endpoint that answered a method last has a log in it. */
  sawTreeLog(method: string): void {
    const endpoint = this.pool.servedLast(method);
    if (endpoint !== undefined) endpoint.writesTreeLogs = true;
  }

  /** Whether the endpoint that answered last counts frames wrongly (`subtraces`). */
  miscounts(method: string): boolean {
    return this.pool.servedLast(method)?.miscounts ?? false;
  }

  /** It was shown that the endpoint that answered last counts frames wrongly. */
  miscounted(method: string): void {
    this.pool.servedLast(method)?.miscounted();
  }

  /** The endpoint that last answered a method gave wrong data: asks others first for a while. */
  distrust(method: string): void {
    this.pool.distrust(method);
  }
}
