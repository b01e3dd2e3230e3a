import type { IndexProgress } from '../indexerOptions.js';

/** The live index while others join: how far it is, and a way to pause it. */
export class LiveIndex {
  private progress: IndexProgress | null = null;
  private readonly pausing = new AbortController();
  private over = false;
  private settle: () => void = () => undefined;
  private begin: () => void = () => undefined;
  /** Resolves when it is known how far it is, or when it has ended. */
  readonly begun = new Promise<void>((resolve) => {
    this.begin = resolve;
  });
  /** Resolves when it indexes nothing any more. */
  readonly ended = new Promise<void>((resolve) => {
    this.settle = resolve;
  });

  /** Aborts when it is to pause. */
  get signal(): AbortSignal {
    return this.pausing.signal;
  }

  note(progress: IndexProgress): void {
    this.progress = progress;
    this.begin();
  }

  noteEnd(): void {
    this.over = true;
    this.begin();
    this.settle();
  }

  /** Newest committed block; -1 before it is known. */
  get block(): number {
    return this.progress?.indexedBlock ?? -1;
  }

  get isOver(): boolean {
    return this.over;
  }

  /** It follows the head; else it reads final blocks, or has ended. */
  get isFollowing(): boolean {
    return !this.over && this.progress?.onTop === true;
  }

  /** The chain forked to a lower block, or the node is behind: the live index has to follow it first. */
  get isAboveHead(): boolean {
    const { over, progress } = this;
    return !over && progress !== null && progress.headBlock < progress.indexedBlock;
  }

  /** Has it end after what it is committing. */
  async pause(): Promise<void> {
    this.pausing.abort();
    await this.ended;
  }
}
