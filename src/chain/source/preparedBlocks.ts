import type { MappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import type { Rpc } from '@subsquid/evm-processor/lib/ds-rpc/rpc.js';
import type { BlockRange } from '../rpc/endpoints/rangeLimit.js';
import { encodeBlock } from './cache/keptBlock.js';
import { itemsOf } from './eachBlock.js';
import { mapCheckedBlock } from './mapBlocks.js';
import type { MappedBlock } from './mappedBlock.js';

/** A block that was read one by one, checked and decoded. */
export interface PreparedBlock {
  readonly mapped: MappedBlock;
  /** Transactions, logs and call frames that were read for it. */
  readonly items: number;
  /** What the cache keeps of it; `null`: nothing. */
  readonly kept: Uint8Array | null;
}

/** Neighbouring blocks that are read together. */
export interface PartToRead {
  readonly range: BlockRange;
  readonly request: MappingRequest;
  /** A cache keeps the blocks. */
  readonly keeps: boolean;
}

/** Reads neighbouring blocks, checks them and decodes what was asked for. */
export async function prepareBlocks(
  rpc: Rpc,
  { range, request, keeps }: PartToRead,
): Promise<PreparedBlock[]> {
  const blocks = await rpc.withPriority(range.from).getColdSplit({ range, request });
  return blocks.map((block) => {
    const kept = keeps ? encodeBlock(block, request) : null;
    return { mapped: mapCheckedBlock(block, request), items: itemsOf(block), kept };
  });
}
