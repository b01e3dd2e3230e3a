/** So long queries may be read in one turn of the event loop. */
const SLICE_MS = 5;
/** Of one query; what is longer was waiting, for a body or the database. */
const READING_MS_AT_MOST = 200;
/** Queries that are known already take less, and go together. */
const QUICK_MS = 0.5;
const QUICK_TOGETHER = 16;

/**
 * Reads the queries of clients in turn: parsing, validating and pricing them holds up the process, also for
 * those that are refused. When there is more of it than a moment's, others are heard first.
 */
export class Intake {
  private busyMs = 0;
  private reading = 0;
  /** `null` before the first query is read. */
  private averageMs: number | null = null;
  private isScheduled = false;
  private readonly waitingOf = new Map<string, (() => void)[]>();

  /** Waits for the turn of a client. @returns says that its query is read */
  async enter(client: string): Promise<() => void> {
    const isFree = this.reading === 0 && this.busyMs < SLICE_MS && this.waitingOf.size === 0;
    if (isFree) return this.begin();
    await new Promise<void>((resolve) => {
      const waiting = this.waitingOf.get(client);
      if (waiting === undefined) this.waitingOf.set(client, [resolve]);
      else waiting.push(resolve);
      this.schedule();
    });
    return this.begin();
  }

  private begin(): () => void {
    const startedAt = performance.now();
    this.reading += 1;
    let isReading = true;
    return () => {
      if (!isReading) return;
      isReading = false;
      this.reading -= 1;
      const ms = Math.min(performance.now() - startedAt, READING_MS_AT_MOST);
      this.busyMs += ms;
      const averageMs = this.averageMs ?? ms;
      this.averageMs = averageMs + (ms - averageMs) / 16;
      // Somebody has to begin the next slice, also if nobody waits.
      this.schedule();
    };
  }

  private schedule(): void {
    if (this.isScheduled || (this.busyMs === 0 && this.waitingOf.size === 0)) return;
    this.isScheduled = true;
    // After others have asked, and been read from their sockets.
    setImmediate(() => {
      this.isScheduled = false;
      this.busyMs = 0;
      const isQuick = this.averageMs !== null && this.averageMs < QUICK_MS;
      const together = isQuick ? QUICK_TOGETHER : 1;
      for (let count = 0; count < together && this.waitingOf.size > 0; count++) this.startNext();
      this.schedule();
    });
  }

  private startNext(): void {
    const [next] = this.waitingOf;
    if (next === undefined) return;
    const [client, waiting] = next;
    const start = waiting.shift();
    // At the end of the map: the others come first.
    this.waitingOf.delete(client);
    if (waiting.length > 0) this.waitingOf.set(client, waiting);
    start?.();
  }
}
