import type { EvmBatchProcessor } from '@subsquid/evm-processor';
import { SNAPSHOT_TOPIC } from '../reading/selectors.js';
import type { FIELDS } from '../reading/source.js';
import type { PoolContract, PoolReader } from './poolEvents.js';

/** A pool to watch, from the block of its deployment on. */
export interface WatchedPool {
  readonly contract: PoolContract;
  readonly reader: PoolReader;
  readonly startBlock: number;
}

/** Asks the processor for the events of pools, and for the snapshots of their tokens. */
export function requestPools(
  processor: EvmBatchProcessor<typeof FIELDS>,
  pools: readonly WatchedPool[],
): void {
  for (const { contract, reader, startBlock } of pools) {
    const range = { from: startBlock };
    processor.addLog({ address: [contract.token], topic0: [SNAPSHOT_TOPIC], range });
    if (reader.topics.length === 0) continue;
    processor.addLog({ address: [contract.address], topic0: [...reader.topics], range });
  }
}
