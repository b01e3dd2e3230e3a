import type { EvmBatchProcessor } from '@subsquid/evm-processor';
import type { Address } from '../../address.js';
import { transactionRecords } from '../reading/records.js';
import type { FIELDS, SourceBlock, SourceTrace } from '../reading/source.js';
import type { TransactionRecord } from '../reading/tree/frames.js';
import { ORACLE_TOPICS } from './logs.js';

/** An oracle to watch, from a block on. */
export interface WatchedOracle {
  readonly address: Address;
  readonly startBlock: number;
}

/** Asks the processor for the logs and call frames that concern the oracles. */
export function requestOracles(
  processor: EvmBatchProcessor<typeof FIELDS>,
  oracles: readonly WatchedOracle[],
): void {
  for (const { address, startBlock } of oracles) {
    const range = { from: startBlock };
    // A child of a reverted frame carries no error of its own: parents tell.
    const relations = { range, parents: true, transaction: true };
    processor
      .addLog({ address: [address], topic0: [...ORACLE_TOPICS], range })
      .addTrace({ callTo: [address], ...relations })
      .addTrace({ callFrom: [address], ...relations });
  }
}

/** The transactions of a block that may concern one of `oracles`, in order. */
export function oracleRecords(
  block: SourceBlock,
  oracles: ReadonlySet<string>,
): TransactionRecord[] {
  return transactionRecords(block, oracles, (trace) => concerns(trace, oracles));
}

function concerns(trace: SourceTrace, oracles: ReadonlySet<string>): boolean {
  if (trace.type !== 'call') return false;
  const { callType, from, to } = trace.action;
  if (callType === 'call') return oracles.has(from) || oracles.has(to);
  return callType === 'delegatecall' && oracles.has(from);
}
