import type { Block } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import type { SourceTrace } from '../reading/source.js';
import { hashesOf } from '../rpc/blocks/blockTraces.js';
import type { RawCall, RawTrace } from '../rpc/blocks/frameShapes.js';
import { putInOrder } from '../rpc/blocks/traceTree.js';
import type { FilteredFrame, FrameFilter } from './frameFilter.js';

const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;

/** A frame before it is known whether it is wanted. */
interface OpenFrame {
  readonly filtered: FilteredFrame;
  readonly parent: OpenFrame | null;
  readonly raw: RawTrace | RawCall;
  /** Of `trace_block`; of `callTracer` it is the place among the calls of the parent. */
  readonly place: readonly number[] | number;
  isKept: boolean;
}

/**
 * The wanted frames of a checked block and those around them, in execution order. The library links
 * each frame with all frames above it, so that its time and memory grow with the square of the depth.
 *
 * @returns `null` where the frames of a transaction are not a whole tree: the library takes what is there
 */
export function wantedTraces(block: Block, isWanted: FrameFilter): SourceTrace[] | null {
  const frames = block.debugFrames === undefined ? framesByList(block) : framesByTree(block);
  return (
    frames?.flatMap(({ hash, transactionIndex, open }) => {
      for (const frame of open) if (isWanted(frame.filtered)) keep(frame);
      return tracesOf(open, transactionIndex, hash);
    }) ?? null
  );
}

interface TransactionFrames {
  readonly hash: string;
  readonly transactionIndex: number;
  readonly open: readonly OpenFrame[];
}

/** Of `trace_block`, in the order of the transactions. */
function framesByList(block: Block): TransactionFrames[] | null {
  const indices = new Map(hashesOf(block).map((hash, index) => [hash.toLowerCase(), index]));
  const found: TransactionFrames[] = [];
  for (const { transactionHash, trace } of block.traceReplays ?? []) {
    const hash = transactionHash?.toLowerCase() ?? '';
    const transactionIndex = indices.get(hash);
    // They were read by `BlockTraces`, or by `addFramesOf`.
    const frames = (trace ?? []) as unknown as RawTrace[];
    if (transactionIndex === undefined || !putInOrder(frames)) return null;
    // Frames of one transaction in two lists are not one tree.
    indices.delete(hash);
    found.push({ hash, transactionIndex, open: framesOfList(frames) });
  }
  return found.sort((a, b) => a.transactionIndex - b.transactionIndex);
}

/** Of `debug_traceBlockByHash`. */
function framesByTree(block: Block): TransactionFrames[] | null {
  if (block.traceReplays !== undefined) return null;
  const hashes = hashesOf(block);
  const found: TransactionFrames[] = [];
  for (const [transactionIndex, answer] of (block.debugFrames ?? []).entries()) {
    if (answer == null) continue;
    const hash = hashes[transactionIndex]?.toLowerCase();
    if (hash === undefined) return null;
    found.push({ hash, transactionIndex, open: framesOfTree(answer.result as RawCall) });
  }
  return found;
}

function keep(frame: OpenFrame): void {
  for (let at: OpenFrame | null = frame; at !== null && !at.isKept; at = at.parent)
    at.isKept = true;
}

/** Of frames in execution order. */
function framesOfList(frames: readonly RawTrace[]): OpenFrame[] {
  /** The frame that was entered last at each depth. */
  const entered: OpenFrame[] = [];
  return frames.map((raw) => {
    const depth = raw.traceAddress.length;
    const parent = depth === 0 ? null : (entered[depth - 1] ?? null);
    const { from, to, refundAddress } = raw.action as Readonly<Record<string, string | undefined>>;
    const type = raw.type as FilteredFrame['type'];
    const filtered = {
      type,
      from: lower(from),
      to: lower(type === 'suicide' ? refundAddress : to),
    };
    const frame = { filtered, parent, raw, place: raw.traceAddress, isKept: false };
    entered[depth] = frame;
    return frame;
  });
}

const KINDS: Readonly<Record<string, FilteredFrame['type']>> = {
  CREATE: 'create',
  CREATE2: 'create',
  SELFDESTRUCT: 'suicide',
};

/** A tree may be 1,024 frames deep. */
function framesOfTree(root: RawCall): OpenFrame[] {
  // A transaction that ran nothing.
  if (root.type.toUpperCase() === 'STOP') return [];
  const frames: OpenFrame[] = [];
  const open: { raw: RawCall; parent: OpenFrame | null; place: number }[] = [
    { raw: root, parent: null, place: 0 },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { raw, parent, place } = next;
    const type = KINDS[raw.type.toUpperCase()] ?? 'call';
    const to = lower(raw.to as string | null | undefined) ?? ZERO_ADDRESS;
    const filtered = { type, from: lower(raw.from as string | null | undefined), to };
    const frame = { filtered, parent, raw, place, isKept: false };
    frames.push(frame);
    const calls = raw.calls ?? [];
    // The first one is read first.
    for (let index = calls.length - 1; index >= 0; index--) {
      const call = calls[index];
      if (call !== undefined) open.push({ raw: call, parent: frame, place: index });
    }
  }
  return frames;
}

function tracesOf(
  frames: readonly OpenFrame[],
  transactionIndex: number,
  hash: string,
): SourceTrace[] {
  const transaction = { hash };
  const getTransaction = () => transaction;
  const made = new Map<OpenFrame, SourceTrace>();
  for (const frame of frames) {
    if (!frame.isKept) continue;
    const { raw, parent: above } = frame;
    const parent = above === null ? undefined : made.get(above);
    const { error } = raw as { readonly error?: string | null };
    made.set(frame, {
      transactionIndex,
      traceAddress: addressOf(frame, parent),
      getTransaction,
      ...(parent === undefined ? {} : { parent }),
      ...(error == null ? {} : { error }),
      ...('action' in raw ? actionOfTrace(raw) : actionOfCall(raw, frame.filtered)),
    });
  }
  return [...made.values()];
}

function addressOf({ place }: OpenFrame, parent: SourceTrace | undefined): readonly number[] {
  if (typeof place !== 'number') return place;
  return parent === undefined ? [] : [...parent.traceAddress, place];
}

/** What a frame did, without its place. */
type FrameAction = SourceTrace extends infer T
  ? T extends SourceTrace
    ? Omit<T, 'transactionIndex' | 'traceAddress' | 'error' | 'parent' | 'getTransaction'>
    : never
  : never;

/** The fields of a frame of `trace_block`, of which `faultOfTrace` says that they can be read. */
interface TraceAction {
  readonly callType: string;
  readonly from: string;
  readonly to: string;
  readonly value?: string | null;
  readonly input: string;
  readonly address: string;
  readonly refundAddress?: string | null;
  readonly balance: string;
}

function actionOfTrace(raw: RawTrace): FrameAction {
  const action = raw.action as TraceAction;
  switch (raw.type) {
    case 'call':
      return callOf(action.callType, action);
    case 'create': {
      const { result } = raw as { readonly result?: { readonly address?: string } | null };
      return creationOf(action, result == null ? null : (lower(result.address) ?? ZERO_ADDRESS));
    }
    case 'suicide':
      return {
        type: 'suicide',
        action: {
          address: action.address.toLowerCase(),
          refundAddress: lower(action.refundAddress) ?? ZERO_ADDRESS,
          balance: BigInt(action.balance),
        },
      };
    default:
      return { type: 'reward' };
  }
}

/** A frame of `callTracer`, in the form into which `faultOfCall` puts it. */
function actionOfCall(raw: RawCall, { type, to = ZERO_ADDRESS }: FilteredFrame): FrameAction {
  const call = raw as RawCall & Pick<TraceAction, 'from' | 'value' | 'input'>;
  if (type === 'create') return creationOf(call, to);
  if (type === 'suicide') {
    const [address, balance] = [call.from.toLowerCase(), BigInt(call.value ?? '0x0')];
    return { type, action: { address, refundAddress: to, balance } };
  }
  return callOf(raw.type.toLowerCase(), { ...call, to });
}

function callOf(
  callType: string,
  { from, to, value, input }: Pick<TraceAction, 'from' | 'to' | 'value' | 'input'>,
): FrameAction {
  const data = input.toLowerCase();
  const action = {
    callType,
    from: from.toLowerCase(),
    to: to.toLowerCase(),
    ...(value == null ? {} : { value: BigInt(value) }),
    input: data,
    sighash: data.slice(0, 10),
  };
  return { type: 'call', action };
}

function creationOf(
  { from, value }: Pick<TraceAction, 'from' | 'value'>,
  address: string | null,
): FrameAction {
  const action = { from: from.toLowerCase(), value: BigInt(value ?? '0x0') };
  return { type: 'create', action, ...(address === null ? {} : { result: { address } }) };
}

function lower(text: string | null | undefined): string | undefined {
  return text?.toLowerCase();
}
