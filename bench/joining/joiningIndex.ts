import { runIndexChild } from '../../src/cli/wiring/child.js';
import type { PayingHead } from './payingHead.js';

/** `imo-ledger index` as a process, next to a chain that grows. */
export class JoiningIndex {
  /** Resolves with its first commit at the head. */
  readonly atHead: Promise<void>;
  /** Resolves when books have joined. */
  readonly joined: Promise<void>;
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;

  private constructor(config: string, databaseUrl: string, chainId: number, head: PayingHead) {
    let noteHead: () => void = () => undefined;
    let noteJoined: () => void = () => undefined;
    const atHead = new Promise<void>((resolve) => {
      noteHead = resolve;
    });
    const joined = new Promise<void>((resolve) => {
      noteJoined = resolve;
    });
    this.running = runIndexChild({
      config,
      databaseUrl,
      chain: { id: chainId, name: 'devnet' },
      signal: this.stopping.signal,
      onProgress: ({ indexedBlock, onTop }, name) => {
        if (name !== 'devnet') return;
        head.committed(indexedBlock);
        if (onTop) noteHead();
      },
      onLine: (line) => {
        process.stderr.write(`${line}\n`);
        if (line.includes('live now')) noteJoined();
      },
    });
    const failed = this.running.then(() => Promise.reject(new Error('the indexer ended')));
    this.atHead = Promise.race([atHead, failed]);
    this.joined = Promise.race([joined, failed]);
    for (const promise of [this.running, failed, this.atHead, this.joined]) {
      promise.catch(() => undefined);
    }
  }

  static async start(
    config: string,
    databaseUrl: string,
    chainId: number,
    head: PayingHead,
  ): Promise<JoiningIndex> {
    return new JoiningIndex(config, databaseUrl, chainId, head);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }
}
