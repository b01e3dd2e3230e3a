import { setMaxListeners } from 'node:events';
import type { QueryResultRow } from 'pg';
import type { LimitsConfig } from '../../../config/serving.js';
import { ImoError } from '../../../errors.js';
import type { Queryable } from '../../../store/read/query/queryable.js';
import type { QueryCost } from '../cost/cost.js';
import { answerTooLarge, databaseSpent, requestTimedOut } from '../refusals.js';

/** What a request may take. */
export type RunLimits = Pick<LimitsConfig, 'requestSeconds' | 'databaseSeconds' | 'answerBytes'>;

/** Database cost (50 ms at a million holders) of requests that do not wait for expensive ones. */
const CHEAP_DATABASE = 1_000;
const POINTS_OF_A_MILLISECOND = 20;
/** Of requests without limits: as long as a timer can be. */
const UNLIMITED_SECONDS = 1_000_000;
const BYTES_OF_A_VALUE = 25;
/** What every request takes of the process. */
const POINTS_OF_A_REQUEST = 10;

/** What the operations of one request cost and take together. */
export interface WholeRequest {
  points: number;
  databaseMs: number;
}

/** One operation while it is answered: what it was expected to cost, and what it has taken. */
export class RequestRun {
  /** What it asks for at most; `null` until it is known. */
  cost: QueryCost | null = null;
  databaseMs = 0;
  bytes = 0;
  /** The answer is as of final blocks, and history alone: it never changes. */
  isFinal = false;
  /** Whether the client wants to know what it cost (`extensions: {cost: true}`). */
  isCostWanted = false;
  /** Why it was stopped. */
  private reason: ImoError | null = null;
  /** Made for the first that listens to it: nobody does if its statements are shared with others. */
  private controller: AbortController | null = null;
  private onStop: ((reason: ImoError) => void) | null = null;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param client the client, as far as clients are distinguished
   * @param limits `null`: no limits
   * @param whole of all operations that came in the same request
   */
  constructor(
    readonly client: string,
    private readonly limits: RunLimits | null = null,
    private readonly onEnd: (run: RequestRun) => void = () => undefined,
    readonly whole: WholeRequest = { points: 0, databaseMs: 0 },
  ) {}

  /** Where its statements run. */
  get lane(): 'cheap' | 'heavy' {
    return (this.cost?.database ?? 0) > CHEAP_DATABASE ? 'heavy' : 'cheap';
  }

  /** For the next event of a subscription, which may take as much again. */
  next(): RequestRun {
    const run = new RequestRun(this.client, this.limits, this.onEnd);
    run.cost = this.cost;
    return run;
  }

  /** Aborted once the request is not to be answered any more; the reason is what its client gets. */
  get signal(): AbortSignal {
    if (this.controller === null) {
      this.controller = abortController();
      if (this.reason !== null) this.controller.abort(this.reason);
    }
    return this.controller.signal;
  }

  get isStopped(): boolean {
    return this.reason !== null;
  }

  /** Rejects with the reason once it is stopped. The newest promise alone does. */
  untilStopped(): Promise<never> {
    const stopped = new Promise<never>((_, reject) => {
      this.onStop = reject;
      if (this.reason !== null) reject(this.reason);
    });
    // It may be stopped when nobody waits any more.
    stopped.catch(() => undefined);
    return stopped;
  }

  /** Stops it: its statements are cancelled. */
  stop(reason: ImoError): void {
    clearTimeout(this.timer);
    this.reason ??= reason;
    this.controller?.abort(this.reason);
    this.onStop?.(this.reason);
  }

  /** Its query is read, and what it costs is known. Called again, it does nothing. */
  read: () => void = () => undefined;

  /** From now on it has its time. */
  begin(): void {
    if (this.limits === null || this.timer !== undefined) return;
    const { requestSeconds } = this.limits;
    const stop = () => this.stop(requestTimedOut(requestSeconds));
    this.timer = setTimeout(stop, requestSeconds * 1_000);
    this.timer.unref();
  }

  /** It may begin again: another server may be asked. */
  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.onEnd(this);
  }

  /** @throws ImoError why it was stopped */
  assertGoing(): void {
    if (this.reason !== null) throw this.reason;
  }

  /**
   * Counts the time of a statement; at the end of the budget the request is stopped, while it runs too.
   *
   * @throws ImoError `DATABASE_BUDGET_SPENT`
   */
  async metered<Result>(statement: () => Promise<Result>): Promise<Result> {
    this.assertGoing();
    const databaseSeconds = this.limits?.databaseSeconds ?? UNLIMITED_SECONDS;
    const leftMs = databaseSeconds * 1_000 - this.whole.databaseMs;
    const stop = () => this.stop(databaseSpent(databaseSeconds));
    if (leftMs <= 0) stop();
    this.assertGoing();
    const timer = setTimeout(stop, leftMs);
    const startedAt = performance.now();
    try {
      return await statement();
    } finally {
      clearTimeout(timer);
      const tookMs = performance.now() - startedAt;
      this.databaseMs += tookMs;
      this.whole.databaseMs += tookMs;
    }
  }

  /** The database as this request may use it. */
  metering(db: Queryable): Queryable {
    return {
      query: <Row extends QueryResultRow>(statement: Parameters<Queryable['query']>[0]) =>
        this.metered(() => db.query<Row>(statement)),
    };
  }

  /** @throws ImoError `ANSWER_TOO_LARGE` */
  answered(bytes: number): void {
    this.bytes += bytes;
    if (this.limits !== null && this.bytes > this.limits.answerBytes) {
      throw answerTooLarge(this.bytes, this.limits.answerBytes);
    }
  }

  /** What it really took, in points. */
  get pointsTaken(): number {
    const ofAnswer = POINTS_OF_A_REQUEST + this.bytes / BYTES_OF_A_VALUE;
    return Math.ceil(ofAnswer + this.databaseMs * POINTS_OF_A_MILLISECOND);
  }
}

function abortController(): AbortController {
  const controller = new AbortController();
  // One for each of its statements.
  setMaxListeners(0, controller.signal);
  return controller;
}

/** The client of a request does not wait for its answer any more. */
export function clientGone(): ImoError {
  return new ImoError('REQUEST_ABORTED', 'the client closed the connection', 'Ask again.');
}
