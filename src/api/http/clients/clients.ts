import type { IncomingMessage } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { ServingConfig } from '../../../config/serving.js';
import { inputError } from '../../errors.js';
import { ClientShares, shareOf } from '../../limits/turns/clientShares.js';
import type { Exchange } from '../messages/exchange.js';
import { type Refusal, refuse } from '../messages/refusal.js';
import { clientAddresses, LOCAL, limitedAs } from './clientAddress.js';
import { CostLimit } from './costLimit.js';
import { RateLimit } from './rateLimit.js';

/**
 * What each client may do over any transport: the number of requests in a time, and of concurrent
 * ones. Programs of this machine without a proxy are not limited: a process here has other ways.
 */
export class Clients {
  /** The address of who asks. */
  readonly addressOf: (request: IncomingMessage) => string;
  private readonly rateLimit: RateLimit;
  private readonly costLimit: CostLimit;
  private readonly running = new Map<string, number>();
  private readonly atOnce: number;
  private readonly sockets: ClientShares;
  private readonly subscriptions: ClientShares;

  /**
   * @param onUnnamedProxy is called once, should somebody forward requests who is not named
   * @throws ImoError `TRUSTED_PROXY_INVALID`
   */
  constructor(
    { trustedProxies, rateLimit, limits }: ServingConfig,
    onUnnamedProxy: (header: string, address: string) => void = () => undefined,
  ) {
    let isKnown = false;
    this.addressOf = clientAddresses(trustedProxies, (header, address) => {
      if (!isKnown) onUnnamedProxy(header, address);
      isKnown = true;
    });
    this.rateLimit = new RateLimit(rateLimit);
    this.costLimit = new CostLimit(rateLimit);
    this.atOnce = limits.atOnce;
    this.sockets = new ClientShares(shareOf(limits.sockets));
    this.subscriptions = new ClientShares(shareOf(limits.subscriptions));
  }

  /** @returns whether the request may continue; if not, it is answered with 429. */
  async admit(exchange: Exchange): Promise<boolean> {
    if (isLocal(exchange.client)) return true;
    if (!(await this.rateLimit.admit(exchange))) return false;
    const tooMuch = await this.costLimit.refusalOf(exchange.client);
    if (tooMuch !== null) {
      refuse(exchange, 429, tooMuch.refusal, { 'retry-after': String(tooMuch.seconds) });
      return false;
    }
    const leave = this.enter(exchange.client);
    if (leave === null) {
      refuse(exchange, 429, refusalAtOnce(this.atOnce), { 'retry-after': '1' });
      return false;
    }
    exchange.response.once('close', leave);
    return true;
  }

  /** Counts what a request that was let in asks beyond its first operation. */
  async admitMore(exchange: Exchange, operations: number): Promise<boolean> {
    return isLocal(exchange.client) || this.rateLimit.admit(exchange, operations);
  }

  /** Counts what has no answer of HTTP. @returns whether it may continue. */
  async count(client: string): Promise<boolean> {
    return isLocal(client) || this.rateLimit.count(client);
  }

  /** Counts what a request took. */
  charge(client: string, points: number): void {
    if (!isLocal(client)) this.costLimit.charge(client, points);
  }

  /** What is said to a client whose requests took too much; `null`: it may ask. */
  async costError(client: string): Promise<GraphQLError | null> {
    if (isLocal(client)) return null;
    const tooMuch = await this.costLimit.refusalOf(client);
    if (tooMuch === null) return null;
    const { code, message, hint } = tooMuch.refusal;
    return inputError(code, message, hint);
  }

  /** Whether a client may run so many operations on its sockets. */
  mayRun(client: string, operations: number): boolean {
    return isLocal(client) || operations <= this.atOnce;
  }

  tooManyAtOnce(): GraphQLError {
    const { code, message, hint } = refusalAtOnce(this.atOnce);
    return inputError(code, message, hint);
  }

  /** The same for a WebSocket: of those a client has a share. */
  enterSocket(client: string): (() => void) | null {
    if (isLocal(client)) return () => undefined;
    const leaveShare = this.sockets.take(limitedAs(client));
    const leave = leaveShare === null ? null : this.enter(client);
    if (leave === null) {
      leaveShare?.();
      return null;
    }
    return () => {
      leave();
      leaveShare?.();
    };
  }

  /** Takes one of the subscriptions of a client. @returns gives it back; `null`: it has its share */
  enterSubscription(client: string): (() => void) | null {
    return isLocal(client) ? () => undefined : this.subscriptions.take(limitedAs(client));
  }

  /**
   * Takes a place among those that a client may have at once.
   *
   * @returns gives it back; `null`: all are taken
   */
  enter(client: string): (() => void) | null {
    if (isLocal(client)) return () => undefined;
    const name = limitedAs(client);
    const running = this.running.get(name) ?? 0;
    if (running >= this.atOnce) return null;
    this.running.set(name, running + 1);
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      const left = (this.running.get(name) ?? 1) - 1;
      if (left === 0) this.running.delete(name);
      else this.running.set(name, left);
    };
  }
}

function isLocal(client: string): boolean {
  return client === LOCAL;
}

function refusalAtOnce(most: number): Refusal {
  return {
    code: 'TOO_MANY_AT_ONCE',
    message: `${most} requests of this client are being answered already, open streams included`,
    hint: 'Wait for answers, or close streams that you do not need.',
  };
}
