import { ImoError } from '../../../errors.js';

export interface FairQueueOptions {
  /** Places of all clients together. */
  readonly atOnce: number;
  /** Places of one client; default: all but one, so that there is one for somebody else. */
  readonly ofOneClient?: number;
  /** That wait for one client; more are refused. Default: 1000. */
  readonly waitingAtMost?: number;
}

const WAITING_AT_MOST = 1_000;

/**
 * Gives places to the work of clients. When all are taken, the clients are served in turn, however much each
 * lets wait: one client never keeps the others waiting.
 */
export class FairQueue {
  private running = 0;
  private readonly runningOf = new Map<string, number>();
  private readonly waitingOf = new Map<string, (() => void)[]>();

  constructor(private readonly options: FairQueueOptions) {}

  /** How much waits, of all clients. */
  get waiting(): number {
    let count = 0;
    for (const waiting of this.waitingOf.values()) count += waiting.length;
    return count;
  }

  /**
   * Waits for a place.
   *
   * @returns gives the place back
   * @throws ImoError `TOO_MANY_AT_ONCE` if too much waits; the reason of the signal once it is aborted
   */
  async enter(client: string, signal: AbortSignal | null = null): Promise<() => void> {
    if (signal?.aborted === true) throw signal.reason;
    return this.enterNow(client) ?? this.wait(client, signal);
  }

  /** Takes a place if one is free. @returns gives it back; `null`: the client has to wait */
  enterNow(client: string): (() => void) | null {
    return this.hasPlaceFor(client) ? this.take(client) : null;
  }

  private wait(client: string, signal: AbortSignal | null): Promise<() => void> {
    const waiting = this.waitingOf.get(client) ?? [];
    const most = this.options.waitingAtMost ?? WAITING_AT_MOST;
    if (waiting.length >= most) throw tooManyWait(most);
    this.waitingOf.set(client, waiting);
    return new Promise((resolve, reject) => {
      const start = () => {
        signal?.removeEventListener('abort', leaveQueue);
        resolve(this.take(client));
      };
      const leaveQueue = () => {
        const place = waiting.indexOf(start);
        if (place !== -1) waiting.splice(place, 1);
        if (waiting.length === 0 && this.waitingOf.get(client) === waiting) {
          this.waitingOf.delete(client);
        }
        reject(signal?.reason);
      };
      waiting.push(start);
      signal?.addEventListener('abort', leaveQueue, { once: true });
    });
  }

  private hasPlaceFor(client: string): boolean {
    const { atOnce, ofOneClient = Math.max(1, atOnce - 1) } = this.options;
    return this.running < atOnce && (this.runningOf.get(client) ?? 0) < ofOneClient;
  }

  private take(client: string): () => void {
    this.running += 1;
    this.runningOf.set(client, (this.runningOf.get(client) ?? 0) + 1);
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.running -= 1;
      const left = (this.runningOf.get(client) ?? 1) - 1;
      if (left === 0) this.runningOf.delete(client);
      else this.runningOf.set(client, left);
      this.startNext();
    };
  }

  private startNext(): void {
    for (let client = this.next(); client !== null; client = this.next()) {
      const waiting = this.waitingOf.get(client) ?? [];
      const start = waiting.shift();
      // At the end of the map: the others come first.
      this.waitingOf.delete(client);
      if (waiting.length > 0) this.waitingOf.set(client, waiting);
      start?.();
    }
  }

  private next(): string | null {
    for (const client of this.waitingOf.keys()) if (this.hasPlaceFor(client)) return client;
    return null;
  }
}

function tooManyWait(most: number): ImoError {
  return new ImoError(
    'TOO_MANY_AT_ONCE',
    `${most} requests of this client are already queued`,
    'Wait for answers before you send more requests.',
  );
}
