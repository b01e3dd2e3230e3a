import { createHash } from 'node:crypto';
import type { MappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import type { Block } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import { z } from 'zod';
import { hashesOf } from '../../rpc/blocks/blockTraces.js';
import { logFilter } from '../../rpc/blocks/logFilter.js';
import type { RawLog } from '../../rpc/blocks/rawLogs.js';
import { withWantedFrames } from '../../rpc/blocks/wantedFrames.js';

/** Raised when the checks of blocks, or what is kept of them, change: nothing of before is believed then. */
const FORMAT = 1;

const keptBlock = z.looseObject({
  height: z.int(),
  hash: z.string(),
  block: z.looseObject({ parentHash: z.string(), transactions: z.array(z.string()) }),
});

/** Stands for the hash of a transaction that does not concern us. */
const NO_HASH = '0x';

/** Names what was asked for: a block that was read for something else does not have what is wanted. */
export function requestKey({ dataRequest, preferTraceApi = false }: MappingRequest): string {
  const text = JSON.stringify([FORMAT, preferTraceApi, dataRequest]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

/**
 * A checked block with what a request is about, as JSON: whole transactions, their logs and frames.
 *
 * @returns `null` where the request is about more than logs and call frames
 */
export function encodeBlock(checked: Block, request: MappingRequest): Buffer | null {
  const { dataRequest } = request;
  const isLogWanted = logFilter(dataRequest);
  const hashes = hashesOf(checked);
  if (isLogWanted === null || request.transactions || request.receipts || request.stateDiffs) {
    return null;
  }
  const block = withWantedFrames(checked, dataRequest);
  // They were read by `readRawLogs` when the block was checked.
  const logs = ((block.logs ?? []) as unknown as RawLog[]).filter(isLogWanted);
  const wanted = new Set<string | undefined>([
    ...logs.map(({ transactionHash }) => transactionHash.toLowerCase()),
    ...(block.traceReplays ?? []).map(({ transactionHash }) => transactionHash?.toLowerCase()),
  ]);
  for (const [index, frame] of (block.debugFrames ?? []).entries()) {
    if (frame != null) wanted.add(hashes[index]?.toLowerCase());
  }
  const header: Record<string, unknown> = { ...block.block };
  const named = new Set([
    'number',
    'hash',
    'parentHash',
    ...Object.keys(request.fields.block ?? {}),
  ]);
  for (const field of Object.keys(header)) if (!named.has(field)) delete header[field];
  header.transactions = hashes.map((hash) => (wanted.has(hash.toLowerCase()) ? hash : NO_HASH));
  const { height, hash, traceReplays, debugFrames } = block;
  const kept = { height, hash, block: header, logs, traceReplays, debugFrames };
  return Buffer.from(JSON.stringify(kept));
}

/** @returns `null` where it is not such a block */
export function decodeBlock(value: Buffer, height: number): Block | null {
  const parsed = keptBlock.safeParse(JSON.parse(value.toString('utf8')));
  if (!parsed.success || parsed.data.height !== height) return null;
  // It was checked before it was kept, and its file has a sum.
  return parsed.data as unknown as Block;
}
