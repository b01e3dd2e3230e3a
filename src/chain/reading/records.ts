import type { Address } from '../../address.js';
import { isAssetLog } from './assets/assetReceipt.js';
import { ERC20_TRANSFER, OPERATION_SELECTORS } from './selectors.js';
import type { SourceBlock, SourceLog, SourceTrace } from './source.js';
import { topicAddress } from './topicAddress.js';
import type { Frame, TransactionRecord } from './tree/frames.js';

interface OpenRecord extends TransactionRecord {
  readonly frames: Frame[];
  readonly logs: SourceBlock['logs'];
}

/**
 * The transactions of a block that may concern one of `tokens`, in order.
 *
 * @param sharing those of the tokens that share ERC-20 assets too
 */
export function tokenRecords(
  block: SourceBlock,
  tokens: ReadonlySet<string>,
  sharing: ReadonlySet<string>,
): TransactionRecord[] {
  const ofAsset = ({ topics, ...log }: SourceLog) => {
    const to = topicAddress(topics[2]);
    return sharing.has(to) && isAssetLog({ ...log, topics }, to);
  };
  return transactionRecords(
    block,
    tokens,
    (trace) => concerns(trace, tokens),
    sharing.size === 0 ? undefined : ofAsset,
  );
}

/**
 * The transactions of a block with a log of one of `addresses` or a wanted frame, in order.
 * Frames that are not wanted are left out, but can be reached as parents.
 *
 * @param alsoWanted logs of other addresses that are wanted too
 */
export function transactionRecords(
  block: SourceBlock,
  addresses: ReadonlySet<string>,
  wanted: (trace: SourceTrace) => boolean,
  alsoWanted?: (log: SourceLog) => boolean,
): TransactionRecord[] {
  // By hash: a transaction that the block does not list may have the index of another one.
  const records = new Map<string, OpenRecord>();
  const recordOf = (transactionIndex: number, transactionHash: string): OpenRecord => {
    let record = records.get(transactionHash);
    if (record === undefined) {
      record = { transactionIndex, transactionHash, frames: [], logs: [], framesBeforeLog: null };
      records.set(transactionHash, record);
    }
    return record;
  };
  for (const log of block.logs) {
    if (addresses.has(log.address) || alsoWanted?.(log))
      recordOf(log.transactionIndex, log.transactionHash).logs.push(log);
  }
  const frames = new Map<SourceTrace, Frame>();
  for (const trace of block.traces) {
    if (!wanted(trace)) continue;
    const hash = trace.getTransaction().hash;
    recordOf(trace.transactionIndex, hash).frames.push(frameOf(trace, frames));
  }
  return inOrder([...records.values()]);
}

/**
 * By their indices. Transactions that the block does not list have logs, but no frames, and their
 * index may be anything: the places of their logs among those of the block tell where they belong.
 */
function inOrder(records: OpenRecord[]): OpenRecord[] {
  records.sort((a, b) => a.transactionIndex - b.transactionIndex || firstLog(a) - firstLog(b));
  const late = lateIn(records);
  if (late.size === 0) return records;
  // Each comes before the first of the others whose logs are after its own.
  const waiting = [...late].sort((a, b) => firstLog(a) - firstLog(b));
  const ordered: OpenRecord[] = [];
  let next = 0;
  for (const record of records) {
    if (late.has(record)) continue;
    const place = record.logs.length > 0 ? firstLog(record) : -1;
    for (let one = waiting[next]; one !== undefined && firstLog(one) < place; one = waiting[next]) {
      ordered.push(one);
      next++;
    }
    ordered.push(record);
  }
  return [...ordered, ...waiting.slice(next)];
}

/** Transactions without frames that come after one whose logs are after theirs. */
function lateIn(records: readonly OpenRecord[]): Set<OpenRecord> {
  const late = new Set<OpenRecord>();
  let least = Number.POSITIVE_INFINITY;
  for (let index = records.length - 1; index >= 0; index--) {
    const record = records[index];
    if (record === undefined) continue;
    const place = firstLog(record);
    if (record.frames.length === 0 && least < place) late.add(record);
    least = Math.min(least, place);
  }
  return late;
}

/** Place of a transaction's first log in the block; a transaction without logs comes before none. */
function firstLog({ logs }: OpenRecord): number {
  return logs[0]?.logIndex ?? Number.MAX_SAFE_INTEGER;
}

/** Whether a frame can move a token's ETH or run one of its operations. */
export function concerns(trace: SourceTrace, tokens: ReadonlySet<string>): boolean {
  switch (trace.type) {
    case 'call': {
      const { callType, to, from, value, sighash } = trace.action;
      if (!tokens.has(to) && !tokens.has(from)) return false;
      if (callType === 'call' && (value ?? 0n) > 0n) return true;
      return OPERATION_SELECTORS.has(sighash) || (sighash === ERC20_TRANSFER && tokens.has(from));
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
