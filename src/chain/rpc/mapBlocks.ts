import { mapBlock } from '@subsquid/evm-processor/lib/ds-rpc/mapping.js';
import type { MappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import type { Block } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import type { DataRequest } from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import type { SourceLog } from '../source.js';
import { type LogFilter, logFilter } from './logFilter.js';
import type { RawLog } from './rawLogs.js';
import { withWantedFrames } from './wantedFrames.js';

type MappedBlock = ReturnType<typeof mapBlock>;

const filters = new WeakMap<DataRequest, LogFilter | null>();

/**
 * Makes of a checked block what the processor hands to its handler. The library does that too,
 * but makes an object with links to block and transaction of each log and frame of the chain before
 * it filters them, which takes as long as all of our bookkeeping; here they are filtered first.
 */
export function mapCheckedBlock(checked: Block, request: MappingRequest): MappedBlock {
  const block = withWantedFrames(checked, request.dataRequest);
  const isWanted = request.logs ? filterOf(request.dataRequest) : null;
  if (isWanted === null) return mapBlock(block, request);
  const mapped = mapBlock({ ...block, logs: [] }, request);
  // They were read by `readRawLogs` when the block was checked.
  const logs = (block.logs ?? []) as unknown as RawLog[];
  const wanted = logs.filter(isWanted).map(sourceLog);
  wanted.sort((a, b) => a.logIndex - b.logIndex);
  return Object.assign(mapped, { logs: wanted });
}

function filterOf(request: DataRequest): LogFilter | null {
  const before = filters.get(request);
  if (before !== undefined) return before;
  const filter = logFilter(request);
  filters.set(request, filter);
  return filter;
}

function sourceLog(raw: RawLog): SourceLog {
  return {
    logIndex: Number(raw.logIndex),
    transactionIndex: Number(raw.transactionIndex),
    transactionHash: raw.transactionHash.toLowerCase(),
    address: raw.address,
    topics: raw.topics,
    data: raw.data.toLowerCase(),
  };
}
