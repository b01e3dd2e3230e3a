import { mapBlock } from '@subsquid/evm-processor/lib/ds-rpc/mapping.js';
import type { MappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import type { Block } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import type { DataRequest } from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import {
  BlockHeader,
  Block as LibraryBlockOf,
} from '@subsquid/evm-processor/lib/mapping/entities.js';
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
  const hasLogs = request.logs === true && isLogWanted !== null;
  const own = traces !== null && (hasLogs || !request.logs) ? ownBlock(checked, request) : null;
  const mapped = own ?? libraryBlock(checked, request, traces !== null, hasLogs);
  if (traces !== null) Object.assign(mapped, { traces });
  if (hasLogs) {
    // They were read by `readRawLogs` when the block was checked.
    const logs = (checked.logs ?? []) as unknown as RawLog[];
    const wanted = logs.filter(isLogWanted).map(sourceLog);
    wanted.sort((a, b) => a.logIndex - b.logIndex);
    Object.assign(mapped, { logs: wanted });
  }
  return mapped as unknown as MappedBlock;
}

type LibraryBlock = ReturnType<typeof mapBlock>;

function libraryBlock(
  checked: Block,
  request: MappingRequest,
  hasTraces: boolean,
  hasLogs: boolean,
): LibraryBlock {
  const { traceReplays: _lists, debugFrames: _trees, ...frameless } = checked;
  const block = hasTraces ? frameless : withWantedFrames(checked, request.dataRequest);
  return mapBlock(hasLogs ? { ...block, logs: [] } : block, request);
}

const HEX = /^0x[0-9a-fA-F]*$/;

/**
 * A block with its header alone, where logs and frames are ours. The library looks at each field of it again, and at all of
 * its transactions.
 *
 * @returns `null` where something else was asked for, or the header has another form: the library says what is wrong with it
 */
function ownBlock({ block }: Block, request: MappingRequest): LibraryBlock | null {
  const { fields, stateDiffs, receipts } = request;
  if (stateDiffs || receipts || !isHeaderOfOurs(fields.block)) return null;
  const { number, hash, parentHash, timestamp, miner } = block as unknown as Readonly<
    Record<string, unknown>
  >;
  if (!isHex(number) || !isHex(hash) || !isHex(parentHash)) return null;
  if (!isHex(timestamp) || !isHex(miner)) return null;
  const [height, seconds] = [Number(number), Number(timestamp)];
  if (!Number.isSafeInteger(height) || !Number.isSafeInteger(seconds)) return null;
  const header = new BlockHeader(height, hash.toLowerCase(), parentHash.toLowerCase());
  Object.assign(header, { timestamp: 1_000 * seconds, miner: miner.toLowerCase() });
  return new LibraryBlockOf(header);
}

function isHex(value: unknown): value is string {
  return typeof value === 'string' && HEX.test(value);
}

/** Whether exactly the fields that `ownBlock` has were asked for. */
function isHeaderOfOurs(fields: MappingRequest['fields']['block']): boolean {
  const asked = Object.entries(fields ?? {}).flatMap(([name, isAsked]) => (isAsked ? name : []));
  return asked.sort().join() === 'miner,timestamp';
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
