import type { EvmBatchProcessor } from '@subsquid/evm-processor';
import type { FIELDS } from '../reading/source.js';
import type { FeedPhase } from './phases.js';
import { ANSWER_UPDATED } from './rounds.js';

/** Asks the processor for the rounds of aggregators. */
export function requestFeeds(
  processor: EvmBatchProcessor<typeof FIELDS>,
  feeds: readonly FeedPhase[],
): void {
  for (const { aggregator, startBlock } of feeds) {
    const range = { from: startBlock };
    processor.addLog({ address: [aggregator], topic0: [ANSWER_UPDATED], range });
  }
}
