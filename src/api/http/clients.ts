import type { IncomingMessage } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { ServingConfig } from '../../config/serving.js';
import { inputError } from '../errors.js';
import { clientAddresses, isLoopback, limitedAs } from './clientAddress.js';
import type { Exchange } from './exchange.js';
import { RateLimit } from './rateLimit.js';
import { type Refusal, refuse } from './refusal.js';

/**
 * What each client may, however it comes: how many requests in a time, and how many of them at
 * once. This machine's own are not limited: whoever may start a process here has other ways.
 */
export class Clients {
  /** The address of who asks. */
  readonly addressOf: (request: IncomingMessage) => string;
  private readonly rateLimit: RateLimit;
  private readonly running = new Map<string, number>();
  private readonly atOnce: number;

  /** @throws ImoError `TRUSTED_PROXY_INVALID` */
  constructor({ trustedProxies, rateLimit, limits }: ServingConfig) {
    this.addressOf = clientAddresses(trustedProxies);
    this.rateLimit = new RateLimit(rateLimit);
    this.atOnce = limits.atOnce;
  }

  /** @returns whether the request may go on; if not, it is answered with 429. */
  async admit(exchange: Exchange): Promise<boolean> {
    if (isLoopback(exchange.client)) return true;
    if (!(await this.rateLimit.admit(exchange))) return false;
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
    return isLoopback(exchange.client) || this.rateLimit.admit(exchange, operations);
  }

  /** Counts what has no answer of HTTP. @returns whether it may go on. */
  async count(client: string): Promise<boolean> {
    return isLoopback(client) || this.rateLimit.count(client);
  }

  /** Whether a client may run so many operations on its sockets. */
  mayRun(client: string, operations: number): boolean {
    return isLoopback(client) || operations <= this.atOnce;
  }

  tooManyAtOnce(): GraphQLError {
    const { code, message, hint } = refusalAtOnce(this.atOnce);
    return inputError(code, message, hint);
  }

  /**
   * Takes a place among those that a client may have at once.
   *
   * @returns gives it back; `null`: all are taken
   */
  enter(client: string): (() => void) | null {
    if (isLoopback(client)) return () => undefined;
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

function refusalAtOnce(most: number): Refusal {
  return {
    code: 'TOO_MANY_AT_ONCE',
    message: `${most} requests of this client are being answered already, open streams included`,
    hint: 'Wait for answers, or end streams that are not needed.',
  };
}
