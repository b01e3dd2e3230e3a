import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { Frame, LogEntry, TransactionRecord } from '../reading/tree/frames.js';

/**
 * The frames by which others came into a contract: calls from outside, and its creation. A
 * log of the contract was written inside exactly one innermost of them.
 */
function entryFrames(record: TransactionRecord, contract: Address): Frame[] {
  return record.frames.filter((frame) => !frame.reverted && isEntry(frame, contract));
}

function isEntry(frame: Frame, contract: Address): boolean {
  if (frame.to !== contract) return false;
  return frame.kind === 'creation' || (frame.isCall && frame.from !== contract);
}

/**
 * Finds for each log the entry frame in which it was written.
 *
 * @returns `null` if there are several frames and the record does not say which log was
 *   written in which: the call tree of the block must be fetched.
 * @throws ImoError `COLLECTION_FRAMES_MISSING` if no frame explains a log.
 */
export function entriesOfLogs(
  record: TransactionRecord,
  contract: Address,
  logs: readonly LogEntry[],
): Map<LogEntry, Frame> | null {
  const entries = entryFrames(record, contract);
  const [only] = entries;
  if (only === undefined) throw framesMissing(record, contract);
  if (entries.length === 1) return new Map(logs.map((log) => [log, only]));
  const { frameOfLog } = record;
  if (frameOfLog === undefined) return null;
  const found = new Map<LogEntry, Frame>();
  for (const log of logs) {
    let frame: Frame | null = frameOfLog.get(log) ?? null;
    while (frame !== null && !isEntry(frame, contract)) frame = frame.parent;
    if (frame === null) throw framesMissing(record, contract);
    found.set(log, frame);
  }
  return found;
}

function framesMissing(record: TransactionRecord, contract: Address): ImoError {
  return new ImoError(
    'COLLECTION_FRAMES_MISSING',
    `collection ${contract} wrote logs in transaction ${record.transactionHash}, but the source has no call to it`,
    'The traces of this block are incomplete; use another endpoint or gateway.',
  );
}
