import { setTimeout as delay } from 'node:timers/promises';
import type { RpcNotification, RpcRequest } from '@subsquid/rpc-client/lib/interfaces.js';
import { WsConnection } from '@subsquid/rpc-client/lib/transport/ws.js';
import { redactText } from '../../../config/redact.js';
import { untilAborted } from '../../../untilAborted.js';
import type { Endpoint } from '../endpoints/endpoint.js';

/** Pauses before it subscribes again, in milliseconds. */
const PAUSES_MS = [100, 1_000, 5_000, 30_000];
/** As many blocks later than the node, a subscription is taken to be dead. */
const QUIET_BLOCKS = 4;
const ANSWER_WITHIN_MS = 10_000;
/** No block, as a height. */
const NONE = -1;
const SUBSCRIBE = {
  id: 1,
  jsonrpc: '2.0',
  method: 'eth_subscribe',
  params: ['newHeads'],
} satisfies RpcRequest;

type Source = Pick<Endpoint, 'webSocketUrl' | 'displayUrl'>;

export interface NewHeadsOptions {
  /** Those with a WebSocket are subscribed to. */
  readonly endpoints: readonly Source[];
  readonly onWarning: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Hears of new blocks where a node says so by itself (`eth_subscribe`, `newHeads`). That only wakes who waits:
 * what the head is, the endpoints are asked as ever.
 */
export class NewHeads {
  private readonly subscriptions: readonly Subscription[];
  private isUnseen = false;
  private wake: () => void = () => undefined;

  /** Subscribes until the signal aborts. `null`: no endpoint has a WebSocket. */
  static listen({ endpoints, ...options }: NewHeadsOptions): NewHeads | null {
    const sources = endpoints.filter(({ webSocketUrl }) => webSocketUrl !== null);
    return sources.length === 0 ? null : new NewHeads({ endpoints: sources, ...options });
  }

  private constructor({ endpoints, onWarning, signal }: NewHeadsOptions) {
    const onHead = () => {
      this.isUnseen = true;
      this.wake();
    };
    this.subscriptions = endpoints.map(
      (endpoint) => new Subscription(endpoint, { onHead, onWarning, signal }),
    );
  }

  /** The node has this head. A subscription that has not heard of it for some blocks is made again. */
  saw(head: number): void {
    for (const subscription of this.subscriptions) {
      if (subscription.height !== NONE && head - subscription.height >= QUIET_BLOCKS) {
        subscription.renew();
      }
    }
  }

  /** A subscription has announced this head, so it will announce the next one. */
  announced(head: number): boolean {
    return this.subscriptions.some(({ height }) => height === head);
  }

  /** Waits for a block that came after the last wait, or until the time is over. */
  async wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
      this.wake = resolve;
    });
    if (this.isUnseen) this.wake();
    try {
      await untilAborted(signal, over);
    } finally {
      clearTimeout(timer);
      this.isUnseen = false;
    }
  }
}

interface SubscriptionOptions extends Pick<NewHeadsOptions, 'onWarning' | 'signal'> {
  readonly onHead: () => void;
}

/** A subscription at one endpoint, made again whenever it ends. */
class Subscription {
  /** The newest block that it has announced. */
  height = NONE;
  private hasWarned = false;
  private failures = 0;
  private current: WsConnection | null = null;

  constructor(
    private readonly endpoint: Source,
    private readonly options: SubscriptionOptions,
  ) {
    const { signal } = options;
    signal.addEventListener('abort', () => this.renew(), { once: true });
    this.keep().catch(() => signal.aborted);
  }

  /** Ends the connection; another one follows. */
  renew(): void {
    this.height = NONE;
    this.current?.close();
  }

  private async keep(): Promise<void> {
    const { signal } = this.options;
    while (!signal.aborted) {
      await this.untilLost();
      this.height = NONE;
      const pause = PAUSES_MS[Math.min(this.failures++, PAUSES_MS.length - 1)];
      await delay(pause, undefined, { signal });
    }
  }

  private async untilLost(): Promise<void> {
    const url = this.endpoint.webSocketUrl ?? '';
    const onNotificationMessage = (message: RpcNotification) => this.notified(message);
    try {
      await new Promise<void>((resolve, reject) => {
        const connection = new WsConnection({
          url,
          onNotificationMessage,
          onReset: () => resolve(),
        });
        this.current = connection;
        this.subscribe(connection).catch(reject);
      });
    } catch {
      // Calls to the endpoint fail too, and that is warned about.
    } finally {
      this.current?.close();
    }
  }

  private async subscribe(connection: WsConnection): Promise<void> {
    await connection.connect();
    const { error } = await connection.call(SUBSCRIBE, ANSWER_WITHIN_MS);
    if (error === undefined) return;
    if (!this.hasWarned) {
      this.options.onWarning(
        `${this.endpoint.displayUrl} does not announce new blocks (${redactText(error.message)}): the indexer asks for them`,
      );
    }
    this.hasWarned = true;
    connection.close();
  }

  private notified({ method, params }: RpcNotification): void {
    const height = method === 'eth_subscription' ? heightOf(params) : NONE;
    if (height === NONE) return;
    this.failures = 0;
    this.height = height;
    this.options.onHead();
  }
}

function heightOf(params: unknown): number {
  const { result } = (params ?? {}) as { readonly result?: { readonly number?: unknown } };
  const number = result?.number;
  return typeof number === 'string' && /^0x[\da-f]{1,13}$/i.test(number) ? Number(number) : NONE;
}
