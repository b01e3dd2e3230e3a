import type { IndexProgress } from '../../processor/indexerOptions.js';
import { formatCount, formatDuration, RateMeter } from '../output/rate.js';
import { runIndexChild } from '../wiring/child.js';
import type { DemoChain } from './chain.js';
import { DEMO_CHAIN_NAME } from './config.js';
import type { Steps } from './steps.js';

/** `imo-ledger index` in a process of its own, as in production. */
export class DemoIndexer {
  /** Rejects when the indexer fails. */
  readonly ended: Promise<void>;
  /** Resolves when all that the offering lived through is committed. */
  readonly caughtUp: Promise<void>;
  /** The newest that it reported. */
  progress: IndexProgress | null = null;
  private readonly rate = new RateMeter();
  private readonly startedAt = performance.now();

  constructor(
    config: string,
    databaseUrl: string,
    { anvil, offering }: DemoChain,
    steps: Steps,
    signal: AbortSignal,
  ) {
    let reached: () => void = () => undefined;
    const reachedEnd = new Promise<void>((resolve) => {
      reached = resolve;
    });
    this.ended = runIndexChild({
      config,
      chain: { id: anvil.chainId, name: DEMO_CHAIN_NAME },
      databaseUrl,
      signal,
      onProgress: (progress) => {
        this.progress = progress;
        if (progress.indexedBlock >= offering.lastBlock) reached();
        else this.show(steps, progress);
      },
      onLine: (line) => process.stderr.write(`[indexer] ${line}\n`),
    });
    this.caughtUp = Promise.race([reachedEnd, this.ended]);
  }

  private show(steps: Steps, { bookedBlock, headBlock, startBlock }: IndexProgress): void {
    if (this.rate.isEmpty) this.rate.add(startBlock, this.startedAt);
    this.rate.add(bookedBlock);
    const rate = this.rate.perSecond();
    const left = formatDuration(this.rate.secondsFor(headBlock - bookedBlock));
    steps.percent(
      `block ${formatCount(bookedBlock)} of ${formatCount(headBlock)} │ ${formatCount(rate)} blocks/s │ ETA ${left}`,
      (100 * (bookedBlock - startBlock)) / Math.max(headBlock - startBlock, 1),
    );
  }
}
