import type { EvmBatchProcessor } from '@subsquid/evm-processor';
import { requestCollections } from '../../chain/collection/collectionSource.js';
import type { FIELDS } from '../../chain/reading/source.js';
import type { IndexedContract } from '../../store/registry/contracts.js';
import type { CommitWork, Desk } from '../desks/desk.js';

/**
 * Asks for what collections did whose books do not join: money of joining tokens may come from a mint or a
 * trade of theirs. It books nothing.
 */
export class WitnessDesk implements Desk {
  readonly startBlock = Number.POSITIVE_INFINITY;
  readonly contractNumbers: readonly number[] = [];
  readonly isLarge = false;

  constructor(private readonly collections: readonly IndexedContract[]) {}

  request(processor: EvmBatchProcessor<typeof FIELDS>): void {
    requestCollections(processor, this.collections, []);
  }

  open(): Promise<void> {
    return Promise.resolve();
  }

  book(): Promise<number> {
    return Promise.resolve(0);
  }

  takeCommitWork(): CommitWork {
    return () => Promise.resolve();
  }

  allCommitted(): void {
    // Nothing is kept in memory.
  }
}
