import type { IndexProgress } from '../processor/run.js';
import type { ProgressReporter } from './indexProgress.js';
import { formatCount, formatDuration, RateMeter } from './rate.js';

const EVERY_MS = 5_000;

interface ChainState {
  readonly rate: RateMeter;
  printedAt: number;
  wasAtHead: boolean;
}

/** For log files: one line per chain every few seconds, and one when it reaches the head. */
export class ProgressLines implements ProgressReporter {
  private readonly chains = new Map<string, ChainState>();

  update(chainName: string, progress: IndexProgress): void {
    const state = this.stateOf(chainName);
    state.rate.add(progress.bookedBlock);
    const isAtHead = progress.indexedBlock >= progress.headBlock;
    const reachedHead = isAtHead && !state.wasAtHead;
    // Without a rate nothing can be said of the time that is left.
    if (!reachedHead && state.rate.perSecond() === 0) return;
    if (!reachedHead && performance.now() - state.printedAt < EVERY_MS) return;
    state.printedAt = performance.now();
    state.wasAtHead ||= isAtHead;
    this.log(`${chainName}: ${describe(progress, state.rate.perSecond())}`);
  }

  log(line: string): void {
    process.stderr.write(`${new Date().toISOString()} ${line}\n`);
  }

  stop(): void {
    this.chains.clear();
  }

  private stateOf(chainName: string): ChainState {
    const existing = this.chains.get(chainName);
    if (existing !== undefined) return existing;
    const state = { rate: new RateMeter(), printedAt: Number.NEGATIVE_INFINITY, wasAtHead: false };
    this.chains.set(chainName, state);
    return state;
  }
}

function describe(progress: IndexProgress, rate: number): string {
  const { bookedBlock, headBlock, hits, operations } = progress;
  const parts = [`block ${formatCount(bookedBlock)} of ${formatCount(headBlock)}`];
  const left = headBlock - bookedBlock;
  if (left > 0) parts.push(`${formatCount(rate)} blocks/s`, `ETA ${formatDuration(left / rate)}`);
  parts.push(`${formatCount(hits)} hits`, `${formatCount(operations)} operations`);
  return parts.join(', ');
}
