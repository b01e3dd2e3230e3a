import { setTimeout as delay } from 'node:timers/promises';
import { ImoError } from '../../../errors.js';
import { PassingFault, type Service } from './faults.js';

export interface Patience {
  /** Failures in a row, without any progress, after which the service is given up. */
  readonly failures: number;
  /** Doubled with each failure, in milliseconds. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

/** About a minute, or as long as the service asks us to wait. */
export const PATIENCE: Patience = { failures: 7, firstPauseMs: 500, longestPauseMs: 20_000 };

/** Counts what failed since the last progress and waits longer each time. */
export class Retries {
  private failures = 0;

  constructor(
    private readonly service: Service,
    private readonly patience: Patience,
    private readonly signal: AbortSignal,
  ) {}

  progressed(): void {
    this.failures = 0;
  }

  /**
   * Waits before the next try.
   *
   * @throws the error if it does not pass; ImoError `SOURCE_UNREACHABLE` after too many in a row
   */
  async failed(error: unknown): Promise<void> {
    if (!(error instanceof PassingFault)) throw error;
    this.failures++;
    const { failures, firstPauseMs, longestPauseMs } = this.patience;
    if (this.failures >= failures) {
      throw new ImoError(
        'SOURCE_UNREACHABLE',
        `${error.message}; it failed ${failures} times in a row`,
        `The indexer continues with another source. Check whether ${this.service.displayUrl} is up.`,
        { cause: error },
      );
    }
    const pause = Math.min(firstPauseMs * 2 ** (this.failures - 1), longestPauseMs);
    await delay(error.retryAfterMs ?? pause, undefined, { signal: this.signal });
  }

  async until<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        await this.failed(error);
      }
    }
  }
}
