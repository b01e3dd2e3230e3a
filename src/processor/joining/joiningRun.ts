import { setTimeout as delay } from 'node:timers/promises';
import type { ChainConfig } from '../../config/types.js';
import { joiningChain } from '../../plan/bookedChain.js';
import { type ChainCursor, readCursor } from '../../store/write/cursor.js';
import { untilAborted } from '../../untilAborted.js';
import { rewindChain } from '../holding/rewind.js';
import type { IndexerOptions, IndexProgress } from '../indexerOptions.js';
import { databaseNow, openConnections, readNow } from '../run/connections.js';
import { runBooks } from '../runBooks.js';
import { joiningBooks } from './joiningBooks.js';
import type { LiveIndex } from './liveIndex.js';
import { Flip } from './makeLive.js';
import { makeReady } from './makeReady.js';
import { nearBlocks } from './nearBlocks.js';
import type { Joining } from './wanted.js';

const LOOK_AGAIN_MS = 100;
/** How long the live index waits for joining books that are at the head. */
const MEET_WITHIN_MS = 5_000;

/**
 * Books contracts next to the live books until both are at one block, and makes them live. A kill at any
 * moment costs only blocks that are not committed.
 */
export class JoiningRun {
  private chain: ChainConfig;

  constructor(
    private readonly options: IndexerOptions,
    private joining: Joining,
    private readonly live: LiveIndex,
    private readonly signal: AbortSignal,
  ) {
    this.chain = joiningChain(options.chain, joining.contracts);
  }

  /**
   * @returns whether they have joined; `false`: the plan must be made again
   * @throws what stopped it
   */
  async untilJoined(): Promise<boolean> {
    const { live, signal } = this;
    const { databaseUrl, chain } = this.options;
    const contracts = await makeReady(databaseUrl, chain.id, this.joining, signal);
    this.joining = { ...this.joining, contracts };
    this.chain = joiningChain(this.options.chain, contracts);
    for (let rounds = 0; !signal.aborted; rounds++) {
      await this.untilLiveHasHead();
      const target = await this.target();
      const left = target - (await this.block());
      if (left > nearBlocks({ isFollowing: live.isFollowing, rounds })) await this.bookPast(target);
      else if (live.isFollowing) return this.meetAtHead();
      else return this.meetPaused();
    }
    return false;
  }

  /** Nothing can meet the live index at a block that the chain does not have: it follows the chain first. */
  private async untilLiveHasHead(): Promise<void> {
    const { live, signal } = this;
    await untilAborted(signal, live.begun).catch(() => undefined);
    while (live.isAboveHead && !signal.aborted) {
      await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Newest block that can be read in large parts: final, or where the live index is. */
  private async target(): Promise<number> {
    const cursor = await this.cursor(this.options.chain.id);
    if (cursor === null) return -1;
    return this.live.isFollowing ? cursor.finalized.height : cursor.head.height;
  }

  private async block(): Promise<number> {
    return (await this.cursor(this.chain.id))?.head.height ?? -1;
  }

  private async bookPast(toBlock: number): Promise<void> {
    const { joinApart, onWarning = () => undefined } = this.options;
    if (joinApart === undefined) return this.book(toBlock);
    await joinApart({
      contracts: this.joining.contracts,
      toBlock,
      onProgress: (progress) => this.note({ ...progress, headBlock: toBlock }),
      onWarning,
      signal: this.signal,
    });
  }

  /** @param toBlock `null`: follow the head */
  private book(
    toBlock: number | null,
    more: { readonly signal?: AbortSignal; onProgress?(progress: IndexProgress): void } = {},
  ): Promise<void> {
    const { joinApart: _, onJoining: __, ...options } = this.options;
    return runBooks({
      ...options,
      ...joiningBooks(this.options.chain, this.joining.contracts),
      toBlock,
      onProgress: (progress) => {
        this.note(progress);
        more.onProgress?.(progress);
      },
      signal: more.signal ?? this.signal,
    });
  }

  private note(progress: IndexProgress): void {
    const contracts = this.joining.contracts.length;
    this.options.onJoining?.({ contracts, progress });
  }

  /** Follows the head until both are there, and pauses the live index for a moment. */
  private async meetAtHead(): Promise<boolean> {
    const { live } = this;
    const over = new AbortController();
    let wake: () => void = () => undefined;
    let block = -1;
    let hasEnded = false;
    const following = this.book(null, {
      signal: AbortSignal.any([this.signal, over.signal]),
      onProgress: ({ indexedBlock }) => {
        block = indexedBlock;
        wake();
      },
    }).finally(() => {
      hasEnded = true;
      wake();
    });
    following.catch(() => undefined);
    const until = async (isDone: () => boolean, withinMs: number | null) => {
      const deadline = withinMs === null ? null : performance.now() + withinMs;
      while (!isDone() && !hasEnded) {
        const left = deadline === null ? 1_000 : deadline - performance.now();
        if (left <= 0) return;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(left, 1_000));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    };
    try {
      await until(() => live.isOver || (block >= 0 && block >= live.block), null);
      if (hasEnded) {
        await following;
        return false;
      }
      const flip = await this.openFlip();
      try {
        await live.pause();
        const head = (await this.cursor(this.options.chain.id))?.head.height ?? -1;
        await until(() => block >= head, MEET_WITHIN_MS);
        // Nothing may wait for the transaction of the flip.
        if (block < head) return false;
        over.abort();
        await following;
        return await this.flipAt(flip, head);
      } finally {
        await flip.close();
      }
    } finally {
      over.abort();
      await following.catch(() => undefined);
    }
  }

  /** Pauses the live index, and reads what is left to its block. */
  private async meetPaused(): Promise<boolean> {
    const flip = await this.openFlip();
    try {
      await this.live.pause();
      const head = (await this.cursor(this.options.chain.id))?.head.height ?? -1;
      return await this.flipAt(flip, head);
    } finally {
      await flip.close();
    }
  }

  private async flipAt(flip: Flip, head: number): Promise<boolean> {
    if (this.signal.aborted) return false;
    if ((await this.block()) > head) {
      const connections = await openConnections(this.options.databaseUrl, this.chain.id);
      await rewindChain(connections.writer, this.chain.id, head).finally(connections.close);
    }
    if ((await this.block()) < head) await this.book(head);
    if (this.signal.aborted) return false;
    return flip.finish();
  }

  private async openFlip(): Promise<Flip> {
    const url = await databaseNow(this.options.databaseUrl);
    return Flip.open(url, this.options.chain, this.joining);
  }

  private cursor(key: number): Promise<ChainCursor | null> {
    return readNow(this.options.databaseUrl, (db) => readCursor(db, key));
  }
}
