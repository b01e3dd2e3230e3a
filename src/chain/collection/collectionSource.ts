import type { EvmBatchProcessor } from '@subsquid/evm-processor';
import type { Address } from '../../address.js';
import { transactionRecords } from '../reading/records.js';
import type { FIELDS, SourceBlock, SourceTrace } from '../reading/source.js';
import type { TransactionRecord } from '../reading/tree/frames.js';
import { COLLECTION_TOPICS } from './collectionLogs.js';
import type { WatchedContracts } from './collectionOperations.js';
import { REQUEST_TOPICS, readRequestLog } from './requestLogs.js';

/** A collection to watch, from the block of its deployment on. */
export interface WatchedCollection {
  readonly address: Address;
  readonly startBlock: number;
}

/**
 * Asks the processor for the logs and call frames of the collections, for what oracles
 * were asked (by whom is not known beforehand), and for the money that reaches the tokens.
 */
export function requestCollections(
  processor: EvmBatchProcessor<typeof FIELDS>,
  collections: readonly WatchedCollection[],
  revenueTokens: readonly Address[],
): void {
  for (const { address, startBlock } of collections) {
    const range = { from: startBlock };
    const relations = { range, parents: true, transaction: true };
    processor
      .addLog({ address: [address], topic0: [...COLLECTION_TOPICS], range })
      .addLog({ topic0: [...REQUEST_TOPICS], range })
      .addTrace({ callTo: [address], ...relations })
      .addTrace({ callFrom: [address], ...relations })
      .addTrace({ type: ['create'], ...relations, range: { from: startBlock, to: startBlock } });
    if (revenueTokens.length === 0) continue;
    processor
      .addTrace({ callTo: [...revenueTokens], ...relations })
      .addTrace({ suicideRefundAddress: [...revenueTokens], ...relations });
  }
}

/** The transactions of a block that did something to a collection, in order. */
export function collectionRecords(
  block: SourceBlock,
  watched: WatchedContracts,
): TransactionRecord[] {
  const emitters = new Set<string>();
  const transactions = new Set<number>();
  for (const log of block.logs) {
    const concerns =
      (watched.collections.has(log.address) && COLLECTION_TOPICS.includes(log.topics[0] ?? '')) ||
      isRequestFor(log, watched.collections);
    if (!concerns) continue;
    emitters.add(log.address);
    transactions.add(log.transactionIndex);
  }
  if (transactions.size === 0) return [];
  // A request in the transaction of a mint may be answered through the contract that asked.
  for (const log of block.logs) {
    const isRequest = REQUEST_TOPICS.includes(log.topics[0] ?? '');
    if (isRequest && transactions.has(log.transactionIndex)) emitters.add(log.address);
  }
  const records = transactionRecords(
    block,
    emitters,
    (trace) => transactions.has(trace.transactionIndex) && concernsFrame(trace, watched),
  );
  return records.filter(({ transactionIndex }) => transactions.has(transactionIndex));
}

function isRequestFor(log: SourceBlock['logs'][number], collections: ReadonlySet<string>): boolean {
  if (!REQUEST_TOPICS.includes(log.topics[0] ?? '')) return false;
  return collections.has(readRequestLog(log)?.callbackContract ?? '');
}

function concernsFrame(
  trace: SourceTrace,
  { collections, revenueTokens }: WatchedContracts,
): boolean {
  switch (trace.type) {
    case 'call': {
      const { callType, to, from, value } = trace.action;
      if (callType === 'staticcall') return false;
      if (collections.has(to) || collections.has(from)) return true;
      return callType === 'call' && (value ?? 0n) > 0n && revenueTokens.has(to);
    }
    case 'create': {
      const created = trace.result?.address ?? '';
      return collections.has(created) || revenueTokens.has(created);
    }
    case 'suicide':
      return revenueTokens.has(trace.action.refundAddress);
    default:
      return false;
  }
}
