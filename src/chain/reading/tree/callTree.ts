import { z } from 'zod';
import type { Address } from '../../../address.js';
import { append } from '../../../append.js';
import { ImoError } from '../../../errors.js';
import type { Frame, LogEntry, LogPlace, TransactionRecord } from './frames.js';
import { placesInTree, type TreeLog } from './treePlaces.js';

const hex = z.string().regex(/^0x[0-9a-fA-F]*$/);
const address = hex.transform((text) => text.toLowerCase() as Address);
const lowerHex = hex.transform((text) => text.toLowerCase());

const treeLog = z.object({
  address,
  topics: z.array(lowerHex).default([]),
  data: lowerHex.default('0x'),
  /** Sub-calls entered before the log. Some nodes count in hex, some do not say it. */
  position: z.union([z.number().int().nonnegative(), hex.transform(Number)]).optional(),
});

interface TreeFrame {
  type: string;
  from: Address;
  to?: Address;
  value?: string;
  input: string;
  output: string;
  error?: string;
  calls: TreeFrame[];
  logs: z.infer<typeof treeLog>[];
}

/** One frame; its calls are read after it: trees are up to 1,024 frames deep. */
const treeFrame = z.object({
  type: z.string(),
  from: address,
  to: address.optional(),
  value: hex.optional(),
  input: hex.default('0x'),
  output: hex.default('0x'),
  error: z.string().optional(),
  calls: z.array(z.unknown()).default([]),
  logs: z.array(treeLog).default([]),
});

/** A whole tree; `null` if one of its frames cannot be read. */
function readTree(answer: unknown): TreeFrame | null {
  const top: TreeFrame[] = [];
  const open = [{ answer, into: top }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const parsed = treeFrame.safeParse(next.answer);
    if (!parsed.success) return null;
    const { calls: inner, ...frame } = parsed.data;
    const calls: TreeFrame[] = [];
    next.into.push({ ...frame, calls });
    // The last one is read first, so that siblings come into their order.
    for (const call of inner.toReversed()) open.push({ answer: call, into: calls });
  }
  return top[0] ?? null;
}

const TRACER = { tracer: 'callTracer', tracerConfig: { withLog: true } };

/** `debug_traceBlockByHash` parameters that put the logs into the call tree. */
export function callTreeParams(blockHash: string): unknown[] {
  return [blockHash, TRACER];
}

/** The same for `debug_traceTransaction`. */
export function transactionTreeParams(transactionHash: string): unknown[] {
  return [transactionHash, TRACER];
}

const namedTree = z.looseObject({ txHash: hex.optional(), result: z.unknown() });
const blockTrees = z.array(namedTree);

/**
 * The call tree of one transaction in an answer of `debug_traceBlockByHash`: by its hash where
 * the node gives hashes, else by its place in the block. `undefined` if it is not there.
 */
export function treeOfTransaction(answer: unknown, record: TransactionRecord): unknown {
  const parsed = blockTrees.safeParse(answer);
  if (!parsed.success) return undefined;
  const named = parsed.data.filter(({ txHash }) => txHash !== undefined);
  if (named.length === 0) return parsed.data[record.transactionIndex]?.result;
  return named.find(({ txHash }) => txHash?.toLowerCase() === record.transactionHash)?.result;
}

/**
 * Rebuilds the record of one transaction from its call tree, as `callTracer` with `withLog` has
 * it, where every log has a place among the frames. A log without `position` was written somewhere
 * in its frame: its place is known only as far as the frame has no sub-calls, or other logs bound it.
 *
 * @param root the root frame; `undefined` if the node sent none
 * @param partial the record made from separate logs and frames; its logs, which come
 *   from the block's receipts, must be the ones found in the tree.
 * @throws ImoError `CHAIN_TREE_DIFFERS` if the node contradicts itself.
 */
export function recordFromCallTree(root: unknown, partial: TransactionRecord): TransactionRecord {
  const tree = readTree(root);
  if (tree === null) throw treeError(partial, 'the node sent no call tree for it');
  const frames: Frame[] = [];
  const logs: TreeLog[] = [];
  walk(tree, null, leavesZeroOut(tree), frames, logs);
  const places = placesInTree(partial.logs, logs);
  if (typeof places === 'string') throw treeError(partial, places);
  const frameOfLog = new Map<LogEntry, Frame>();
  for (const [log, { frame }] of places) if (frame !== null) frameOfLog.set(log, frame);
  const framesBeforeLog = partial.logs.map((log) => placeOf(places.get(log)));
  return { ...partial, frames, framesBeforeLog, frameOfLog };
}

function placeOf(place: LogPlace | undefined): LogPlace {
  return { earliest: place?.earliest ?? 0, latest: place?.latest ?? Number.MAX_SAFE_INTEGER };
}

/**
 * Whether the tree shows that its node writes positions, but not those that are 0: there are some
 * above 0, and none is 0. A tree without any position tells nothing of where its logs are.
 */
function leavesZeroOut(root: TreeFrame): boolean {
  let hasLater = false;
  const frames = [root];
  for (let frame = frames.pop(); frame !== undefined; frame = frames.pop()) {
    for (const { position } of frame.logs) {
      if (position === 0) return false;
      hasLater ||= position !== undefined;
    }
    append(frames, frame.calls);
  }
  return hasLater;
}

function walk(
  node: TreeFrame,
  parent: Frame | null,
  zeroIsLeftOut: boolean,
  frames: Frame[],
  placed: TreeLog[],
): void {
  const frame = frameOf(node, parent);
  frames.push(frame);
  const earliest = frames.length;
  const open: TreeFrame['logs'] = [];
  const known: { log: TreeFrame['logs'][number]; at: number }[] = [];
  for (const log of node.logs) {
    const at = log.position ?? (zeroIsLeftOut ? 0 : undefined);
    // A count of sub-calls that differs from the tree does not give a place in it.
    if (at === undefined || at > node.calls.length) open.push(log);
    else known.push({ log, at });
  }
  known.sort((a, b) => a.at - b.at);
  let next = 0;
  const placeKnown = (callsEntered: number) => {
    for (let log = known[next]; log !== undefined && log.at <= callsEntered; log = known[++next]) {
      if (frame.reverted) continue;
      placed.push({ ...log.log, frame, earliest: frames.length, latest: frames.length });
    }
  };
  node.calls.forEach((call, index) => {
    placeKnown(index);
    walk(call, frame, zeroIsLeftOut, frames, placed);
  });
  placeKnown(node.calls.length);
  if (frame.reverted) return;
  for (const log of open) placed.push({ ...log, frame, earliest, latest: frames.length });
}

function frameOf(node: TreeFrame, parent: Frame | null): Frame {
  const isCall = node.type === 'CALL';
  const isCreation = node.type === 'CREATE' || node.type === 'CREATE2';
  const isSelfdestruct = node.type === 'SELFDESTRUCT';
  const movesValue = isCall || isCreation || isSelfdestruct;
  return {
    kind: isCreation ? 'creation' : isSelfdestruct ? 'selfdestruct' : 'call',
    isCall,
    isDelegateCall: node.type === 'DELEGATECALL',
    from: node.from,
    to: node.to ?? null,
    valueWei: movesValue ? BigInt(node.value ?? '0x0') : 0n,
    input: isCall || node.type === 'DELEGATECALL' ? node.input : '0x',
    reverted: node.error !== undefined || (parent?.reverted ?? false),
    parent,
    ...(node.type === 'STATICCALL' ? { read: { input: node.input, output: node.output } } : {}),
  };
}

function treeError(record: TransactionRecord, reason: string): ImoError {
  return new ImoError(
    'CHAIN_TREE_DIFFERS',
    `the order of operations in transaction ${record.transactionHash} is not certain: ${reason}`,
    'Use a node that serves debug_traceBlockByHash with callTracer and withLog for this block.',
  );
}
