import { mapBlock } from '@subsquid/evm-processor/lib/ds-rpc/mapping.js';
import type { MappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import type { Block } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import type { DataRequest } from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import type { SourceBlock, SourceLog } from '../reading/source.js';
import { type LogFilter, logFilter } from '../rpc/blocks/logFilter.js';
import type { RawLog } from '../rpc/blocks/rawLogs.js';
import { withWantedFrames } from '../rpc/blocks/wantedFrames.js';
import { type FrameFilter, frameFilter } from './frameFilter.js';
import { wantedTraces } from './mapFrames.js';

/** A block as the library hands it to the processor, with its logs and frames in our form. */
export type MappedBlock = Omit<ReturnType<typeof mapBlock>, 'logs' | 'traces'> &
  Pick<SourceBlock, 'logs' | 'traces'>;

const filters = new WeakMap<DataRequest, Filters>();

interface Filters {
  /** `null`: the library filters. */
  readonly isLogWanted: LogFilter | null;
  readonly isFrameWanted: FrameFilter | null;
}

/**
 * Makes of a checked block what the processor hands to its handler. The library does that too,
 * but makes an object with links to block and transaction of each log and frame of the chain before
 * it filters them, which takes as long as all of our bookkeeping; here they are filtered first.
 */
export function mapCheckedBlock(checked: Block, request: MappingRequest): MappedBlock {
  const { isLogWanted, isFrameWanted } = filtersOf(request.dataRequest);
  const traces =
    isFrameWanted !== null && request.traces ? wantedTraces(checked, isFrameWanted) : null;
  const { traceReplays: _lists, debugFrames: _trees, ...frameless } = checked;
  const block = traces === null ? withWantedFrames(checked, request.dataRequest) : frameless;
  const hasLogs = request.logs && isLogWanted !== null;
  const mapped = mapBlock(hasLogs ? { ...block, logs: [] } : block, request);
  if (traces !== null) Object.assign(mapped, { traces });
  if (hasLogs) {
    // They were read by `readRawLogs` when the block was checked.
    const logs = (block.logs ?? []) as unknown as RawLog[];
    const wanted = logs.filter(isLogWanted).map(sourceLog);
    wanted.sort((a, b) => a.logIndex - b.logIndex);
    Object.assign(mapped, { logs: wanted });
  }
  return mapped as unknown as MappedBlock;
}

function filtersOf(request: DataRequest): Filters {
  const before = filters.get(request);
  if (before !== undefined) return before;
  const made = { isLogWanted: logFilter(request), isFrameWanted: frameFilter(request) };
  filters.set(request, made);
  return made;
}

function sourceLog(raw: RawLog): SourceLog {
  return {
    logIndex: Number(raw.logIndex),
    transactionIndex: Number(raw.transactionIndex),
    transactionHash: raw.transactionHash,
    address: raw.address,
    topics: raw.topics,
    topicAddresses: raw.topicAddresses,
    data: raw.data,
  };
}
