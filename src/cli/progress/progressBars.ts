import { MultiBar, type SingleBar } from 'cli-progress';
import type { IndexProgress } from '../../processor/indexerOptions.js';
import { formatCount, formatDuration, RateMeter } from '../output/rate.js';
import { BAR_STYLE } from './barStyle.js';
import type { ProgressReporter } from './progressReporter.js';

/** For a terminal: one bar per chain, with rate and time left. */
export class ProgressBars implements ProgressReporter {
  private readonly bars = new MultiBar({
    format:
      '{chain} {bar} {percentage}% │ {block} of {head} │ {rate} blocks/s │ ETA {left} │ {hits} hits │ {operations} operations',
    ...BAR_STYLE,
    emptyOnZero: false,
  });
  private readonly chains = new Map<string, { bar: SingleBar; rate: RateMeter }>();

  update(chainName: string, progress: IndexProgress): void {
    const { startBlock, bookedBlock, headBlock, hits, operations } = progress;
    const { bar, rate } = this.chainOf(chainName);
    rate.add(bookedBlock);
    bar.setTotal(Math.max(headBlock - startBlock, 0));
    bar.update(Math.max(bookedBlock - startBlock, 0), {
      chain: chainName,
      block: formatCount(bookedBlock),
      head: formatCount(headBlock),
      rate: formatCount(rate.perSecond()),
      left: formatDuration(rate.secondsFor(headBlock - bookedBlock)),
      hits: formatCount(hits),
      operations: formatCount(operations),
    });
  }

  log(line: string): void {
    this.bars.log(`${line}\n`);
  }

  stop(): void {
    this.bars.update();
    this.bars.stop();
  }

  private chainOf(chainName: string): { bar: SingleBar; rate: RateMeter } {
    const existing = this.chains.get(chainName);
    if (existing !== undefined) return existing;
    const bar = this.bars.create(0, 0, {
      chain: chainName,
      block: 0,
      head: 0,
      rate: 0,
      left: '–',
      hits: 0,
      operations: 0,
    });
    const chain = { bar, rate: new RateMeter() };
    this.chains.set(chainName, chain);
    return chain;
  }
}
