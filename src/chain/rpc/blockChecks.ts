import type { Block, GetBlock } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import { LogBloom } from './bloom.js';
import { readRawLogs } from './rawLogs.js';

const NO_BITS = /^0x0*$/;

/**
 * Why the logs of a block cannot be all of its logs, or cannot be its own; `null` if nothing
 * speaks against them. They are read by `readRawLogs` then.
 */
export function faultOfLogs(block: Block): string | null {
  const { logs = [] } = block;
  const bloom = new LogBloom();
  try {
    readRawLogs(logs, bloom);
  } catch (error) {
    if (error instanceof TypeError) return `eth_getLogs answered with ${error.message}`;
    throw error;
  }
  if (!isWithoutGaps(logs)) {
    return `eth_getLogs left out a log or sent one twice: there are ${logs.length}`;
  }
  const { logsBloom } = block.block;
  // A chain that keeps no bloom filters has empty ones everywhere.
  if (NO_BITS.test(logsBloom)) return null;
  const { isShort, isForeign } = bloom.compare(logsBloom);
  if (isShort) return 'the bloom filter has logs that eth_getLogs has not';
  return isForeign ? 'eth_getLogs has a log that is not in the bloom filter' : null;
}

/** Whether the positions in the block are 0, 1, 2, …, in whatever order. */
function isWithoutGaps(logs: readonly { readonly logIndex: string }[]): boolean {
  const seen = new Uint8Array(logs.length);
  for (const { logIndex } of logs) {
    const index = Number(logIndex);
    if (index >= logs.length || seen[index] === 1) return false;
    seen[index] = 1;
  }
  return true;
}

/** Why the call frames of a block cannot be all of its frames; `null` if they may be. */
export function faultOfTraces(block: Block): string | null {
  const { debugFrames, traceReplays } = block;
  const transactions = transactionsOf(block.block);
  if (debugFrames !== undefined) {
    const missing = transactions.findIndex(
      ({ isTraced }, index) => isTraced && (debugFrames[index] ?? null) === null,
    );
    return missing < 0 ? null : `debug_traceBlockByHash left out transaction ${missing}`;
  }
  const frames = new Map(
    (traceReplays ?? []).map(({ transactionHash, trace }) => [transactionHash, trace ?? []]),
  );
  for (const { hash, isTraced } of transactions) {
    const own: readonly object[] = frames.get(hash) ?? [];
    if (!isTraced) continue;
    if (own.length === 0) return `there are no call frames of transaction ${hash}`;
    if (!isWholeTree(own)) return `trace_block left out call frames of transaction ${hash}`;
  }
  return null;
}

interface BlockTransaction {
  readonly hash: string;
  /** Transactions without gas are the chain's own bookkeeping, which some nodes do not trace. */
  readonly isTraced: boolean;
}

function transactionsOf({ transactions }: GetBlock): BlockTransaction[] {
  return transactions.map((transaction) => {
    if (typeof transaction === 'string') return { hash: transaction, isTraced: true };
    const gas = 'gas' in transaction ? transaction.gas : undefined;
    return { hash: transaction.hash, isTraced: gas === undefined || Number(gas) > 0 };
  });
}

/** Every frame says how many children it has: together they are all but the root. */
function isWholeTree(frames: readonly object[]): boolean {
  let children = 0;
  for (const frame of frames) {
    if (!('subtraces' in frame) || typeof frame.subtraces !== 'number') return true;
    children += frame.subtraces;
  }
  return frames.length === children + 1;
}
