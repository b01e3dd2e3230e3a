import type { EvmBatchProcessor } from '@subsquid/evm-processor';
import type { FIELDS } from '../reading/source.js';
import type { SaleAdapter, SaleContract } from './adapter.js';

/** A sale to watch, from the block of its deployment on. */
export interface WatchedSale {
  readonly contract: SaleContract;
  readonly adapter: SaleAdapter;
  readonly startBlock: number;
}

/** Asks the processor for the logs of sales, and for call frames where a kind of sale needs them. */
export function requestSales(
  processor: EvmBatchProcessor<typeof FIELDS>,
  sales: readonly WatchedSale[],
): void {
  for (const { contract, adapter, startBlock } of sales) {
    const address = [contract.address];
    const range = { from: startBlock };
    if (adapter.topics.length > 0) {
      processor.addLog({ address, topic0: [...adapter.topics], range });
    }
    if (!adapter.needsFrames) continue;
    // A child of a reverted frame carries no error of its own: parents tell.
    const relations = { range, parents: true, transaction: true };
    processor.addTrace({ callTo: address, ...relations });
    processor.addTrace({ callFrom: address, ...relations });
  }
}
