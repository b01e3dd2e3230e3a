import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { RateLimitConfig } from '../../../config/serving.js';
import type { Refusal } from '../messages/refusal.js';
import { limitedAs } from './clientAddress.js';

/** A client that used too much, and when it may ask again. */
export interface CostRefusal {
  readonly refusal: Refusal;
  readonly seconds: number;
}

/** Counts what the requests of each client really took, in a time. */
export class CostLimit {
  private readonly limiter: RateLimiterMemory | null;

  constructor(private readonly config: RateLimitConfig | null) {
    this.limiter =
      config === null
        ? null
        : new RateLimiterMemory({ points: config.cost, duration: config.perSeconds });
  }

  /** @param points what a request took: known when it is answered */
  charge(client: string, points: number): void {
    // In memory it cannot fail.
    void this.limiter?.penalty(limitedAs(client), points);
  }

  /** `null`: the client may ask. */
  async refusalOf(client: string): Promise<CostRefusal | null> {
    const used = (await this.limiter?.get(limitedAs(client))) ?? null;
    if (used === null || this.config === null || used.consumedPoints < this.config.cost)
      return null;
    const seconds = Math.max(1, Math.ceil(used.msBeforeNext / 1000));
    const { cost, perSeconds } = this.config;
    return {
      refusal: {
        code: 'COST_LIMITED',
        message: `the requests of this client took ${used.consumedPoints} points; rateLimit.cost allows ${cost} in ${perSeconds} seconds`,
        hint: `Ask again in ${seconds} seconds; the header X-Cost says what a request may cost.`,
      },
      seconds,
    };
  }
}
