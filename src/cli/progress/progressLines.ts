import type { IndexProgress } from '../../processor/indexerOptions.js';
import { formatCount, formatDuration, RateMeter } from '../output/rate.js';
import type { ProgressReporter } from './progressReporter.js';

const EVERY_MS = 5_000;

interface ChainState {
  readonly rate: RateMeter;
  printedAt: number;
  wasAtHead: boolean;
  /** What was said last. */
  text: string;
  /** Prints what came too soon after the last line. */
  later: NodeJS.Timeout | null;
}

/**
 * For log files: one line per chain every few seconds, and one when it reaches the head. What comes too
 * soon after a line is said a little later, unless more comes.
 */
export class ProgressLines implements ProgressReporter {
  private readonly chains = new Map<string, ChainState>();

  update(chainName: string, progress: IndexProgress): void {
    const state = this.stateOf(chainName);
    state.rate.add(progress.bookedBlock);
    const isAtHead = progress.indexedBlock >= progress.headBlock;
    const reachedHead = isAtHead && !state.wasAtHead;
    // Without a rate nothing can be said of the time that is left.
    if (!reachedHead && state.rate.perSecond() === 0) return;
    state.wasAtHead ||= isAtHead;
    if (state.later !== null) clearTimeout(state.later);
    state.later = null;
    const print = () => this.print(chainName, state, progress);
    const wait = state.printedAt + EVERY_MS - performance.now();
    if (reachedHead || wait <= 0) print();
    else state.later = setTimeout(print, wait).unref();
  }

  private print(chainName: string, state: ChainState, progress: IndexProgress): void {
    const text = describe(progress, state.rate);
    if (text === state.text) return;
    state.printedAt = performance.now();
    state.text = text;
    this.log(`${chainName}: ${text}`);
  }

  log(line: string): void {
    process.stderr.write(`${new Date().toISOString()} ${line}\n`);
  }

  stop(): void {
    for (const { later } of this.chains.values()) if (later !== null) clearTimeout(later);
    this.chains.clear();
  }

  private stateOf(chainName: string): ChainState {
    const existing = this.chains.get(chainName);
    if (existing !== undefined) return existing;
    const state: ChainState = {
      rate: new RateMeter(),
      printedAt: Number.NEGATIVE_INFINITY,
      wasAtHead: false,
      text: '',
      later: null,
    };
    this.chains.set(chainName, state);
    return state;
  }
}

function describe(progress: IndexProgress, rate: RateMeter): string {
  const { bookedBlock, headBlock, hits, operations } = progress;
  const parts = [`block ${formatCount(bookedBlock)} of ${formatCount(headBlock)}`];
  const left = headBlock - bookedBlock;
  const seconds = rate.secondsFor(left);
  if (left > 0) parts.push(`${formatCount(rate.perSecond())} blocks/s`);
  if (left > 0 && Number.isFinite(seconds)) parts.push(`ETA ${formatDuration(seconds)}`);
  parts.push(`${formatCount(hits)} hits`, `${formatCount(operations)} operations`);
  return parts.join(', ');
}
