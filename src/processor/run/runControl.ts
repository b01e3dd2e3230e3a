import type { BookingTarget } from '../desks/desk.js';
import type { LedgerDatabase } from './ledgerDatabase.js';
import type { FinalTxInfo, HotDatabase, HotDatabaseState, HotTxInfo } from './squid/squid.js';

/**
 * Ends a run. The Subsquid runner has no way to stop. So its database never answers again once the
 * run is done, and `ended` has the result.
 */
export class RunControl {
  /** Settles when the run is over; rejects with what went wrong. */
  readonly ended: Promise<void>;
  /** What the runner sees. */
  readonly database: HotDatabase<BookingTarget>;
  private busy = false;
  private over = false;
  private resolve: () => void = () => undefined;
  private reject: (error: unknown) => void = () => undefined;
  private readonly forget: () => void;

  constructor(
    private readonly ledger: LedgerDatabase,
    signal: AbortSignal,
  ) {
    this.ended = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    const stop = () => {
      this.over = true;
      if (!this.busy) this.end(ledger);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    // The signal is that of the run, and has many attempts.
    this.forget = () => signal.removeEventListener('abort', stop);

    const run = async (work: () => Promise<void>): Promise<void> => {
      if (this.over) return never();
      this.busy = true;
      try {
        await work();
      } catch (error) {
        if (isRetried(error)) throw error;
        this.over = true;
        this.reject(error);
        return never();
      } finally {
        this.busy = false;
      }
      if (this.over) {
        this.end(ledger);
        return never();
      }
    };
    this.database = {
      supportsHotBlocks: true,
      connect: (): Promise<HotDatabaseState> =>
        ledger.connect().catch((error: unknown) => {
          this.over = true;
          this.reject(error);
          return never();
        }),
      transact: (info: FinalTxInfo, handle) => run(() => ledger.transact(info, handle)),
      transactHot: () => ledger.transactHot(),
      transactHot2: (info: HotTxInfo, handle) => run(() => ledger.transactHot2(info, handle)),
    };
  }

  /** Listens no longer for the end of the run: the attempt is over. */
  stop(): void {
    this.forget();
  }

  /** The last wanted block is committed. */
  finish(): void {
    this.over = true;
    if (!this.busy) this.resolve();
  }

  /** The runner has failed. */
  fail(error: unknown): void {
    if (this.over) return;
    this.over = true;
    this.ledger.settled().then(() => this.reject(error), this.reject);
  }

  private end(ledger: LedgerDatabase): void {
    ledger.settled().then(this.resolve, this.reject);
  }
}

/** The runner fetches such blocks again by itself. */
function isRetried(error: unknown): boolean {
  return error instanceof Error && '__sqd_data_consistency_error' in error;
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
