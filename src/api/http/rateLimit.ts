import type { ServerResponse } from 'node:http';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimitConfig } from '../../config/serving.js';
import { isLoopback, limitedAs } from './clientAddress.js';
import { refuse } from './exchange.js';

/**
 * Counts the requests of each client. This machine's own are not limited: whoever may start a
 * process here has other ways.
 */
export class RateLimit {
  private readonly limiter: RateLimiterMemory | null;

  constructor(private readonly config: RateLimitConfig | null) {
    this.limiter =
      config === null
        ? null
        : new RateLimiterMemory({ points: config.requests, duration: config.perSeconds });
  }

  /** @returns whether the request may go on; if not, it is answered with 429. */
  async admit(client: string, response: ServerResponse, requests = 1): Promise<boolean> {
    if (this.limiter === null || isLoopback(client)) return true;
    try {
      this.tell(response, await this.limiter.consume(limitedAs(client), requests));
      return true;
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      this.tell(response, refusal);
      const seconds = Math.ceil(refusal.msBeforeNext / 1000);
      const { requests: most, perSeconds } = this.config ?? { requests: 0, perSeconds: 0 };
      refuse(
        response,
        429,
        {
          code: 'RATE_LIMITED',
          message: `more than ${most} requests in ${perSeconds} seconds`,
          hint: `Ask again in ${seconds} seconds; ask for more rows in fewer requests.`,
        },
        { 'retry-after': String(seconds) },
      );
      return false;
    }
  }

  /** Counts what has no answer of HTTP. @returns whether it may go on. */
  async count(client: string): Promise<boolean> {
    if (this.limiter === null || isLoopback(client)) return true;
    try {
      await this.limiter.consume(limitedAs(client));
      return true;
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return false;
    }
  }

  private tell(response: ServerResponse, { remainingPoints, msBeforeNext }: RateLimiterRes): void {
    response.setHeader('ratelimit-limit', String(this.config?.requests ?? 0));
    response.setHeader('ratelimit-remaining', String(Math.max(0, remainingPoints)));
    response.setHeader('ratelimit-reset', String(Math.ceil(msBeforeNext / 1000)));
  }
}
