import { setTimeout as delay } from 'node:timers/promises';
import { DeepReorgError, isChainTrouble } from './chainTrouble.js';
import type { ForkWatch } from './forkWatch.js';

/**
 * A fork that is not longer than our chain must be all that is seen this many times: a load
 * balancer whose nodes disagree shows both, and one of them will soon be longer.
 */
export const SIGHTINGS_OF_A_FORK = 3;

const PAUSES_MS = [50, 200, 1_000, 5_000];
/** Failures in a row before somebody is told. */
const SILENT_FAILURES = 2;

export interface FollowOptions {
  readonly watch: Pick<ForkWatch, 'look'>;
  /** The height that the node says it has. */
  readonly headNumber: () => Promise<number>;
  /** Makes the runner index up to a block, over a fork if there is one. */
  readonly navigate: (head: { height: number; hash?: string }) => Promise<void>;
  readonly isEnd: () => boolean;
  readonly pollMs: number;
  readonly onWarning: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Follows the head of a chain by polling, in place of the Subsquid libraries, which notice a
 * fork only when it has become longer.
 *
 * @throws DeepReorgError when the chain has forked below our finalised block.
 */
export async function followHead(options: FollowOptions): Promise<void> {
  const { isEnd, signal, pollMs, onWarning } = options;
  const follower = new Follower(options);
  let failures = 0;
  while (!isEnd() && !signal.aborted) {
    let pauseMs = pollMs;
    try {
      await follower.step();
      failures = 0;
    } catch (error) {
      if (!isChainTrouble(error)) throw error;
      if (failures === SILENT_FAILURES) onWarning(`${error.message}; it is asked for again`);
      pauseMs = Math.min(pollMs, PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] ?? pollMs);
      failures++;
    }
    await delay(pauseMs, undefined, { signal });
  }
}

class Follower {
  /** How often in a row only a fork was seen. */
  private sightings = 0;

  constructor(private readonly options: FollowOptions) {}

  async step(): Promise<void> {
    const { watch, headNumber, navigate } = this.options;
    const head = await headNumber();
    const view = await watch.look(head);
    if (view.kind === 'unclear') return;
    if (view.kind === 'ours') {
      this.sightings = 0;
      if (head > view.tipHeight) await navigate({ height: head });
      return;
    }
    this.sightings++;
    const isSettled = this.sightings >= SIGHTINGS_OF_A_FORK;
    if (view.base === null) {
      if (!isSettled) return;
      throw new DeepReorgError(`the chain forked below the finalised block`);
    }
    if (view.head.height <= view.tip.height && !isSettled) return;
    await navigate(view.head);
    this.sightings = 0;
  }
}
