import { FairQueue } from './fairQueue.js';
import { Intake } from './intake.js';
import type { RequestRun } from './requestRun.js';

const LIGHT = { atOnce: 64, ofOneClient: 48 };
/** Putting so many values together keeps the process from answering anybody else for a moment. */
const LARGE_VALUES = 60_000;
/** Others are answered for as long as a large answer took, and for no longer than this. */
const REST_AT_MOST_MS = 100;

/**
 * In which order requests are answered: cheap ones do not wait for expensive ones, large answers are made
 * one at a time, and clients are served in turn.
 */
export class RequestTurns {
  /** Of queries that are not read yet. */
  readonly intake: Intake;
  private readonly light: FairQueue;
  private readonly heavy: FairQueue;
  private readonly large: FairQueue;

  /** @param heavyAtOnce requests that cost the database much */
  constructor(heavyAtOnce: number) {
    this.intake = new Intake();
    this.light = new FairQueue(LIGHT);
    this.heavy = new FairQueue({ atOnce: heavyAtOnce });
    this.large = new FairQueue({ atOnce: 1 });
  }

  /** Requests that wait for their turn. */
  get waiting(): number {
    return this.light.waiting + this.heavy.waiting + this.large.waiting;
  }

  /**
   * Waits for the turn of a request.
   *
   * @returns says that it is answered
   * @throws as `FairQueue.enter`
   */
  async enter(run: RequestRun): Promise<() => void> {
    const queue = run.lane === 'heavy' ? this.heavy : this.light;
    if ((run.cost?.values ?? 0) <= LARGE_VALUES) return placeIn(queue, run);
    const leaveLarge = await placeIn(this.large, run);
    const beganAt = performance.now();
    const rest = () => {
      const tookMs = performance.now() - beganAt;
      setTimeout(leaveLarge, Math.min(tookMs, REST_AT_MOST_MS)).unref();
    };
    try {
      const leave = await placeIn(queue, run);
      return () => {
        leave();
        rest();
      };
    } catch (error) {
      leaveLarge();
      throw error;
    }
  }
}

/** Most requests find a place, and need no signal. */
async function placeIn(queue: FairQueue, run: RequestRun): Promise<() => void> {
  run.assertGoing();
  return queue.enterNow(run.client) ?? queue.enter(run.client, run.signal);
}
