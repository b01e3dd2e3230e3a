import type { Address } from '../address.js';
import type { Frame, TransactionRecord } from './frames.js';
import { OPERATION_SELECTORS } from './selectors.js';
import type { SourceBlock, SourceTrace } from './source.js';

interface OpenRecord extends TransactionRecord {
  readonly frames: Frame[];
  readonly logs: SourceBlock['logs'];
}

/** The transactions of a block that may concern one of `tokens`, in order. */
export function tokenRecords(block: SourceBlock, tokens: ReadonlySet<string>): TransactionRecord[] {
  return transactionRecords(block, tokens, (trace) => concerns(trace, tokens));
}

/**
 * The transactions of a block with a log of one of `addresses` or a wanted frame, in order.
 * Frames that are not wanted are left out, but can be reached as parents.
 */
export function transactionRecords(
  block: SourceBlock,
  addresses: ReadonlySet<string>,
  wanted: (trace: SourceTrace) => boolean,
): TransactionRecord[] {
  const records = new Map<number, OpenRecord>();
  const recordOf = (transactionIndex: number, transactionHash: string): OpenRecord => {
    let record = records.get(transactionIndex);
    if (record === undefined) {
      record = { transactionIndex, transactionHash, frames: [], logs: [], framesBeforeLog: null };
      records.set(transactionIndex, record);
    }
    return record;
  };
  for (const log of block.logs) {
    if (addresses.has(log.address))
      recordOf(log.transactionIndex, log.transactionHash).logs.push(log);
  }
  const frames = new Map<SourceTrace, Frame>();
  for (const trace of block.traces) {
    if (!wanted(trace)) continue;
    const hash = trace.getTransaction().hash;
    recordOf(trace.transactionIndex, hash).frames.push(frameOf(trace, frames));
  }
  return [...records.values()].sort((a, b) => a.transactionIndex - b.transactionIndex);
}

/** Whether a frame can move a token's ETH or run one of its operations. */
function concerns(trace: SourceTrace, tokens: ReadonlySet<string>): boolean {
  switch (trace.type) {
    case 'call': {
      const { callType, to, from, value, sighash } = trace.action;
      if (!tokens.has(to) && !tokens.has(from)) return false;
      return (callType === 'call' && (value ?? 0n) > 0n) || OPERATION_SELECTORS.has(sighash);
    }
    case 'create':
      return trace.action.value > 0n && tokens.has(trace.result?.address ?? '');
    case 'suicide':
      return trace.action.balance > 0n && tokens.has(trace.action.refundAddress);
    default:
      return false;
  }
}

function frameOf(trace: SourceTrace, known: Map<SourceTrace, Frame>): Frame {
  const before = known.get(trace);
  if (before !== undefined) return before;
  const parent = trace.parent === undefined ? null : frameOf(trace.parent, known);
  const reverted = (trace.error ?? null) !== null || (parent?.reverted ?? false);
  const frame: Frame = { ...movementOf(trace), reverted, parent };
  known.set(trace, frame);
  return frame;
}

function movementOf(trace: SourceTrace): Omit<Frame, 'reverted' | 'parent'> {
  switch (trace.type) {
    case 'call': {
      const { callType, from, to, value, input } = trace.action;
      const isCall = callType === 'call';
      return {
        kind: 'call',
        isCall,
        isDelegateCall: callType === 'delegatecall',
        from: from as Address,
        to: to as Address,
        // A DELEGATECALL repeats its parent's value; only a CALL moves it.
        valueWei: isCall ? (value ?? 0n) : 0n,
        input,
      };
    }
    case 'create':
      return {
        ...NO_CALL,
        kind: 'creation',
        from: trace.action.from as Address,
        to: (trace.result?.address ?? null) as Address | null,
        valueWei: trace.action.value,
      };
    case 'suicide':
      return {
        ...NO_CALL,
        kind: 'selfdestruct',
        from: trace.action.address as Address,
        to: trace.action.refundAddress as Address,
        valueWei: trace.action.balance,
      };
    default:
      return { ...NO_CALL, kind: 'call', from: '0x', to: null, valueWei: 0n };
  }
}

const NO_CALL = { isCall: false, isDelegateCall: false, input: '0x' } as const;
