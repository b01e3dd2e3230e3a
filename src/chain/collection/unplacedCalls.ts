import type { SourceBlock } from '../reading/source.js';
import type { TransactionRecord } from '../reading/tree/frames.js';
import { collectionOperations, type WatchedContracts } from './collectionOperations.js';
import { collectionRecords } from './collectionSource.js';

/** The transactions of a block of which only a call tree shows which call into a collection wrote what. */
export function unplacedCalls(block: SourceBlock, watched: WatchedContracts): TransactionRecord[] {
  const { collections } = watched;
  const entered = new Set<string>();
  const several = new Set<number>();
  for (const trace of block.traces) {
    if (trace.type !== 'call') continue;
    const { action, transactionIndex } = trace;
    if (!collections.has(action.to) || collections.has(action.from)) continue;
    const entry = `${transactionIndex} ${action.to}`;
    if (entered.has(entry)) several.add(transactionIndex);
    entered.add(entry);
  }
  if (several.size === 0) return [];
  return collectionRecords(block, watched).filter(
    (record) => several.has(record.transactionIndex) && isUnplaced(record, watched),
  );
}

function isUnplaced(record: TransactionRecord, watched: WatchedContracts): boolean {
  try {
    return collectionOperations(record, watched) === null;
  } catch {
    // Booking it says what is wrong.
    return false;
  }
}
