import type { ServerResponse } from 'node:http';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimitConfig } from '../../../config/serving.js';
import type { Exchange } from '../messages/exchange.js';
import { refuse } from '../messages/refusal.js';
import { limitedAs } from './clientAddress.js';

/** Counts the requests of each client in a time. */
export class RateLimit {
  private readonly limiter: RateLimiterMemory | null;

  constructor(private readonly config: RateLimitConfig | null) {
    this.limiter =
      config === null
        ? null
        : new RateLimiterMemory({ points: config.requests, duration: config.perSeconds });
  }

  /** @returns whether the request may continue; if not, it is answered with 429. */
  async admit(exchange: Exchange, requests = 1): Promise<boolean> {
    const { client, response } = exchange;
    const answer = await this.consume(client, requests);
    if (answer === null) return true;
    this.tell(response, answer.state);
    if (answer.isAdmitted) return true;
    const seconds = Math.ceil(answer.state.msBeforeNext / 1000);
    const { requests: most, perSeconds } = this.config ?? { requests: 0, perSeconds: 0 };
    refuse(
      exchange,
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

  /** Counts what has no answer of HTTP. @returns whether it may continue. */
  async count(client: string): Promise<boolean> {
    return (await this.consume(client, 1))?.isAdmitted ?? true;
  }

  /** `null`: there is no limit. */
  private async consume(
    client: string,
    requests: number,
  ): Promise<{ readonly isAdmitted: boolean; readonly state: RateLimiterRes } | null> {
    if (this.limiter === null) return null;
    try {
      return { isAdmitted: true, state: await this.limiter.consume(limitedAs(client), requests) };
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return { isAdmitted: false, state: refusal };
    }
  }

  private tell(response: ServerResponse, { remainingPoints, msBeforeNext }: RateLimiterRes): void {
    response.setHeader('ratelimit-limit', String(this.config?.requests ?? 0));
    response.setHeader('ratelimit-remaining', String(Math.max(0, remainingPoints)));
    response.setHeader('ratelimit-reset', String(Math.ceil(msBeforeNext / 1000)));
  }
}
