import type { Block } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import type { Network } from '../../networks.js';
import { hashesOf, isIgnored } from './blockTraces.js';
import { hasNoInformation, LogBloom } from './bloom.js';
import type { RawTrace } from './frameShapes.js';
import { type RawLog, readRawLogs } from './rawLogs.js';
import { verdictOnTree } from './traceTree.js';

/**
 * Why the logs of a block cannot be all of its logs, or cannot be its own; `null` if nothing
 * speaks against them. They are read by `readRawLogs` then.
 */
export function faultOfLogs(block: Block, network: Network | null = null): string | null {
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
  if (hasNoInformation(logsBloom)) return null;
  const { isShort, isForeign } = bloom.compare(logsBloom);
  if (isShort) return 'the bloom filter has logs that eth_getLogs has not';
  if (!isForeign || (network?.hidesTransactions && isBloomOfListed(block, logs))) return null;
  return 'eth_getLogs has a log that is not in the bloom filter';
}

/**
 * Whether the bloom filter is that of the logs without those of the chain's own transaction: it
 * comes last, and is not in the roots of the block.
 */
function isBloomOfListed({ block }: Block, logs: readonly RawLog[]): boolean {
  const last = logs.at(-1)?.transactionHash;
  if (last === undefined) return false;
  const index = block.transactions.findIndex(
    (entry) =>
      (typeof entry === 'string' ? entry : entry.hash).toLowerCase() === last.toLowerCase(),
  );
  if (index >= 0 && index < block.transactions.length - 1) return false;
  const bloom = new LogBloom();
  readRawLogs(
    logs.filter(({ transactionHash }) => transactionHash !== last),
    bloom,
  );
  const { isShort, isForeign } = bloom.compare(block.logsBloom);
  return !isShort && !isForeign;
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

/** Transactions of a block whose call frames may not be all of their frames. */
export interface TraceDoubts {
  /** There are none. */
  readonly missing: readonly string[];
  /** A parent or an elder sibling is missing. */
  readonly torn: readonly string[];
  /** A frame counts more children than there are. */
  readonly miscounted: readonly string[];
}

/** Holds the call frames of a block against its transactions and against each other. */
export function doubtsOfTraces(block: Block): TraceDoubts {
  const { debugFrames, traceReplays } = block;
  const hashes = hashesOf(block);
  const missing: string[] = [];
  const torn: string[] = [];
  const miscounted: string[] = [];
  const frames = new Map(
    (traceReplays ?? []).map(({ transactionHash, trace }) => [transactionHash, trace ?? []]),
  );
  for (const [index, hash] of hashes.entries()) {
    if (isIgnored(block, hash)) continue;
    if (debugFrames !== undefined) {
      if ((debugFrames[index] ?? null) === null) missing.push(hash);
      continue;
    }
    // They were read by `BlockTraces`.
    const own = (frames.get(hash) ?? []) as unknown as RawTrace[];
    if (own.length === 0) {
      missing.push(hash);
      continue;
    }
    const verdict = verdictOnTree(own);
    if (verdict === 'torn') torn.push(hash);
    else if (verdict === 'miscounted') miscounted.push(hash);
  }
  return { missing, torn, miscounted };
}
