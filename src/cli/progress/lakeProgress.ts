import { SingleBar } from 'cli-progress';
import type { AppendProgress } from '../../lake/appendLake.js';
import { formatCount, formatDuration, RateMeter } from '../output/rate.js';
import { BAR_STYLE, LINE_EVERY_MS } from './barStyle.js';

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
    ...BAR_STYLE,
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

/** Lines that say how many files are verified, and how long the others take. */
export function verifiedLines(): (done: number, total: number) => void {
  const rate = new RateMeter();
  let printedAt = performance.now();
  return (done, total) => {
    rate.add(done);
    if (performance.now() - printedAt < LINE_EVERY_MS) return;
    printedAt = performance.now();
    process.stderr.write(
      `${new Date().toISOString()} lake: ${formatCount(done)} of ${formatCount(total)} files verified, ` +
        `ETA ${formatDuration(rate.secondsFor(total - done))}\n`,
    );
  };
}
