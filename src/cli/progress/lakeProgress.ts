import { SingleBar } from 'cli-progress';
import type { AppendProgress } from '../../lake/appendLake.js';
import { formatCount, formatDuration, RateMeter } from '../output/rate.js';

const LINE_EVERY_MS = 5_000;

/** Shows how far a lake is, with the time left: as a bar on a terminal, as lines for logs. */
export interface LakeReporter {
  update(progress: AppendProgress): void;
  stop(): void;
}

export function createLakeReporter(): LakeReporter {
  return process.stderr.isTTY ? new LakeBar() : new LakeLines();
}

class LakeBar implements LakeReporter {
  private readonly bar = new SingleBar({
    format: 'chain {chain} {bar} {percentage}% │ block {block} │ {rate} blocks/s │ ETA {left}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    stream: process.stderr,
    fps: 5,
  });
  private rate = new RateMeter();
  private shown: number | null = null;

  update({ chainId, block, done, total }: AppendProgress): void {
    if (this.shown !== chainId) {
      this.rate = new RateMeter();
      this.bar.start(total, 0);
      this.shown = chainId;
    }
    this.rate.add(done);
    this.bar.update(done, {
      chain: chainId,
      block: formatCount(block),
      rate: formatCount(this.rate.perSecond()),
      left: formatDuration(this.rate.secondsFor(total - done)),
    });
  }

  stop(): void {
    this.bar.stop();
  }
}

class LakeLines implements LakeReporter {
  private readonly rates = new Map<number, RateMeter>();
  private printedAt = performance.now();

  update({ chainId, block, done, total }: AppendProgress): void {
    const rate = this.rates.get(chainId) ?? new RateMeter();
    this.rates.set(chainId, rate);
    rate.add(done);
    if (performance.now() - this.printedAt < LINE_EVERY_MS) return;
    this.printedAt = performance.now();
    process.stderr.write(
      `${new Date().toISOString()} lake: chain ${chainId} up to block ${formatCount(block)}, ` +
        `${formatCount(done)} of ${formatCount(total)} blocks, ETA ${formatDuration(rate.secondsFor(total - done))}\n`,
    );
  }

  stop(): void {}
}
