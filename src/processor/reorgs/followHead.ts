import { setTimeout as delay } from 'node:timers/promises';
import type { NewHeads } from '../../chain/rpc/connection/newHeads.js';
import { SILENT_MS } from '../../chain/rpc/connection/waiting.js';
import { DeepReorgError, isChainTrouble } from './chainTrouble.js';
import type { ForkWatch } from './forkWatch.js';
import type { HeadPace } from './headPace.js';

/**
 * A fork that is not longer than our chain must be all that is seen this many times: a load
 * balancer whose nodes disagree shows both, and one of them will soon be longer.
 */
export const SIGHTINGS_OF_A_FORK = 3;

const PAUSES_MS = [50, 200, 1_000, 5_000];
/** Failures in a row before the first warning. */
const SILENT_FAILURES = 2;

export interface FollowOptions {
  readonly watch: Pick<ForkWatch, 'look'>;
  /** The height that the node says it has. */
  readonly headNumber: () => Promise<number>;
  /** Makes the runner index up to a block, over a fork if there is one. */
  readonly navigate: (head: { height: number; hash?: string }) => Promise<void>;
  readonly isEnd: () => boolean;
  readonly pollMs: number;
  /** Decides when to ask, where the time is not fixed. */
  readonly pace?: HeadPace | null;
  /** Announces new blocks, where a node does so by itself. */
  readonly newHeads?: Pick<NewHeads, 'saw' | 'announced' | 'wait'> | null;
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
  const { isEnd, signal, pollMs, newHeads = null, onWarning } = options;
  const follower = new Follower(options);
  let failures = 0;
  let failingSince = Date.now();
  let saidAt = 0;
  /** Tells at the third failure, and then once in ten seconds. */
  const say = (what: string, isFirst: boolean) => {
    const now = Date.now();
    if (!isFirst && now - Math.max(saidAt, failingSince) < SILENT_MS) return;
    saidAt = now;
    onWarning(`${what}, since ${new Date(failingSince).toISOString()}`);
  };
  while (!isEnd() && !signal.aborted) {
    let pauseMs = pollMs;
    try {
      const isClear = await follower.step();
      pauseMs = follower.pauseMs(performance.now());
      failures = 0;
      if (isClear) failingSince = Date.now();
      else
        say('no endpoint shows a chain that the indexed blocks are part of; waiting for it', false);
    } catch (error) {
      if (!isChainTrouble(error)) throw error;
      if (failures === 0) failingSince = Date.now();
      say(`${error.message}; asking again`, failures === SILENT_FAILURES);
      pauseMs = Math.min(pollMs, PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] ?? pollMs);
      failures++;
    }
    await (newHeads?.wait(pauseMs, signal) ?? delay(pauseMs, undefined, { signal }));
  }
}

class Follower {
  /** How often in a row only a fork was seen. */
  private sightings = 0;
  private head = -1;
  private askedAt = 0;

  constructor(private readonly options: FollowOptions) {}

  /**
   * Milliseconds until it asks for the head again, if no block is announced before. An interval is the time between
   * two questions: to read and commit a block takes none of it.
   *
   * @param now milliseconds of the clock of `performance`
   */
  pauseMs(now: number): number {
    const { pace, newHeads, pollMs } = this.options;
    if (newHeads?.announced(this.head) === true) return pollMs;
    return pace?.pauseMs(now) ?? Math.max(0, this.askedAt + pollMs - now);
  }

  /** Returns whether the nodes show how the chain continues. */
  async step(): Promise<boolean> {
    const { watch, headNumber, navigate } = this.options;
    this.askedAt = performance.now();
    const head = await headNumber();
    this.head = head;
    this.options.pace?.saw(head, performance.now());
    this.options.newHeads?.saw(head);
    const view = await watch.look(head);
    if (view.kind === 'unclear') return false;
    if (view.kind === 'ours') {
      this.sightings = 0;
      if (head > view.tipHeight) await navigate({ height: head });
      return true;
    }
    this.sightings++;
    const isSettled = this.sightings >= SIGHTINGS_OF_A_FORK;
    if (view.base === null) {
      if (!isSettled) return true;
      throw new DeepReorgError(`the chain forked below the finalised block`);
    }
    if (view.head.height <= view.tip.height && !isSettled) return true;
    await navigate(view.head);
    this.sightings = 0;
    return true;
  }
}
