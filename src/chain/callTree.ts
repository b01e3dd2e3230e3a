import { z } from 'zod';
import type { Address } from '../address.js';
import { ImoError } from '../errors.js';
import type { Frame, LogEntry, TransactionRecord } from './frames.js';

const hex = z.string().regex(/^0x[0-9a-fA-F]*$/);
const address = hex.transform((text) => text.toLowerCase() as Address);

const treeLog = z.object({
  address,
  topics: z.array(hex).default([]),
  data: hex.default('0x'),
  /** Sub-calls entered before the log. Some nodes count in hex, some leave 0 out. */
  position: z.union([z.number(), hex.transform(Number)]).default(0),
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

const treeFrame: z.ZodType<TreeFrame> = z.object({
  type: z.string(),
  from: address,
  to: address.optional(),
  value: hex.optional(),
  input: hex.default('0x'),
  output: hex.default('0x'),
  error: z.string().optional(),
  get calls() {
    return z.array(treeFrame).default([]);
  },
  logs: z.array(treeLog).default([]),
});

const blockTrace = z.array(z.object({ result: treeFrame }));

/** `debug_traceBlockByHash` parameters that put the logs into the call tree. */
export function callTreeParams(blockHash: string): unknown[] {
  return [blockHash, { tracer: 'callTracer', tracerConfig: { withLog: true } }];
}

/**
 * Rebuilds the record of one transaction from the answer of `callTracer` with `withLog`,
 * where every log has its place among the frames.
 *
 * @param partial the record made from separate logs and frames; its logs, which come
 *   from the block's receipts, must be the ones found in the tree.
 * @throws ImoError `CHAIN_TREE_DIFFERS` if the node contradicts itself.
 */
export function recordFromCallTree(answer: unknown, partial: TransactionRecord): TransactionRecord {
  const parsed = blockTrace.safeParse(answer);
  const root = parsed.success ? parsed.data[partial.transactionIndex]?.result : undefined;
  if (root === undefined) {
    throw treeError(partial, 'the node sent no call tree for it');
  }
  const frames: Frame[] = [];
  const placed: PlacedLog[] = [];
  walk(root, null, frames, placed);

  let next = 0;
  const frameOfLog = new Map<LogEntry, Frame>();
  const framesBeforeLog = partial.logs.map((log) => {
    while (next < placed.length && !sameLog(placed[next]?.log, log)) next++;
    const found = placed[next++];
    if (found === undefined)
      throw treeError(partial, `log ${log.logIndex} is not in its call tree`);
    frameOfLog.set(log, found.frame);
    return found.framesBefore;
  });
  return { ...partial, frames, framesBeforeLog, frameOfLog };
}

interface PlacedLog {
  readonly log: z.infer<typeof treeLog>;
  readonly framesBefore: number;
  readonly frame: Frame;
}

function walk(node: TreeFrame, parent: Frame | null, frames: Frame[], placed: PlacedLog[]): void {
  const frame = frameOf(node, parent);
  frames.push(frame);
  let nextLog = 0;
  const logs = [...node.logs].sort((a, b) => a.position - b.position);
  const placeLogs = (callsEntered: number) => {
    for (
      let log = logs[nextLog];
      log !== undefined && log.position <= callsEntered;
      log = logs[++nextLog]
    ) {
      if (!frame.reverted) placed.push({ log, framesBefore: frames.length, frame });
    }
  };
  node.calls.forEach((call, index) => {
    placeLogs(index);
    walk(call, frame, frames, placed);
  });
  placeLogs(Number.MAX_SAFE_INTEGER);
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

function sameLog(placed: z.infer<typeof treeLog> | undefined, log: LogEntry): boolean {
  return (
    placed !== undefined &&
    placed.address === log.address &&
    placed.data === log.data &&
    placed.topics.length === log.topics.length &&
    placed.topics.every((topic, index) => topic === log.topics[index])
  );
}

function treeError(record: TransactionRecord, reason: string): ImoError {
  return new ImoError(
    'CHAIN_TREE_DIFFERS',
    `the order of operations in transaction ${record.transactionHash} is not certain: ${reason}`,
    'The node must serve debug_traceBlockByHash with callTracer and withLog for this block.',
  );
}
