import type { IndexProgress } from '../../processor/indexerOptions.js';

/** Shows how far the chains are indexed, until `stop()`. */
export interface ProgressReporter {
  update(chainName: string, progress: IndexProgress): void;
  /** A line of text that must not disturb the display. */
  log(line: string): void;
  stop(): void;
}
