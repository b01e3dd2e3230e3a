import type { Address } from '../address.js';
import { assetReceipt, isAssetLog } from './assetReceipt.js';
import { type FrameOperation, frameOperations } from './frameOperations.js';
import type { LogEntry, TransactionRecord } from './frames.js';
import type { Operation, Receipt, SnapshotTaken, TokenTransfer } from './operation.js';
import { SNAPSHOT_TOPIC, TRANSFER_TOPIC } from './selectors.js';
import { topicAddress } from './topicAddress.js';

const ZERO_TOPIC = `0x${'0'.repeat(64)}`;

/**
 * Puts all that a transaction did to `token` into execution order.
 *
 * Where frames and logs came separately, their order follows from the k-th rule of
 * DOMAIN.md 3: the k-th `Snapshot` log belongs to the k-th `snapshot()` frame, the k-th
 * burning `Transfer` to the k-th `burn` frame. All that lies between two such pairs
 * commutes, so the order is exact wherever the rule applies.
 *
 * @param sharesAssets the token shares ERC-20 assets too: their transfers to it are receipts.
 *   Their way, and what the token saw of its balances, only the whole call tree tells.
 * @returns `null` where the rule does not apply and the places of the logs among the
 *   frames must be fetched.
 * @throws ImoError as `frameOperations` does.
 */
export function orderedOperations(
  record: TransactionRecord,
  token: Address,
  sharesAssets: boolean,
): Operation[] | null {
  const logs = record.logs.filter((log) => concerns(log, token, sharesAssets));
  if (sharesAssets && record.framesBeforeLog === null) return null;
  if (record.frames.length === 0 && !logs.some(isSnapshotLog)) {
    return logs.map((log) => logOperation(record, token, log));
  }
  const fromFrames = frameOperations(record, token);
  const places = placesOfLogs(record, logs, fromFrames);
  if (places === null) return null;
  return merge(record, token, fromFrames, logs, places);
}

function concerns(log: LogEntry, token: Address, sharesAssets: boolean): boolean {
  if (log.address === token) return isOperationLog(log);
  return sharesAssets && isAssetLog(log, token);
}

function isOperationLog(log: LogEntry): boolean {
  return (log.topics[0] === TRANSFER_TOPIC && log.topics.length === 3) || isSnapshotLog(log);
}

function isSnapshotLog(log: LogEntry): boolean {
  return log.topics[0] === SNAPSHOT_TOPIC && log.topics.length === 1;
}

function isBurnLog(log: LogEntry): boolean {
  return log.topics[0] === TRANSFER_TOPIC && log.topics[2] === ZERO_TOPIC;
}

/** For each log the number of frames entered before it, or `null` if that is not certain. */
function placesOfLogs(
  record: TransactionRecord,
  logs: readonly LogEntry[],
  fromFrames: readonly FrameOperation[],
): number[] | null {
  const known = record.framesBeforeLog;
  if (known !== null) {
    const places = new Map(record.logs.map((log, index) => [log, known[index] ?? 0]));
    return logs.map((log) => places.get(log) ?? 0);
  }
  const anchors = anchorsOf(logs, fromFrames);
  if (anchors === null) return null;
  const places: number[] = [];
  let place = 0;
  for (const log of logs) {
    const anchor = anchors.get(log);
    if (anchor !== undefined) {
      // The log is written inside its frame, hence after the frame was entered.
      if (anchor + 1 < place) return null;
      place = anchor + 1;
    }
    places.push(place);
  }
  return places;
}

/** Pairs logs with the frames that wrote them; `null` if their counts differ. */
function anchorsOf(
  logs: readonly LogEntry[],
  fromFrames: readonly FrameOperation[],
): Map<LogEntry, number> | null {
  const anchors = new Map<LogEntry, number>();
  const snapshotLogs = logs.filter(isSnapshotLog);
  const snapshotFrames = fromFrames.filter(({ operation }) => operation === 'snapshot');
  if (snapshotLogs.length !== snapshotFrames.length) return null;
  snapshotLogs.forEach((log, k) => {
    anchors.set(log, snapshotFrames[k]?.frameIndex ?? 0);
  });

  const burns = fromFrames.flatMap(({ frameIndex, operation }) =>
    operation !== 'snapshot' && operation.kind === 'redemption' ? [{ frameIndex, operation }] : [],
  );
  // Without redemptions, tokens may still be burned another way (a bridge): nothing to pair.
  if (burns.length === 0) return anchors;
  const burnLogs = logs.filter(isBurnLog);
  if (burnLogs.length !== burns.length) return null;
  for (const [k, log] of burnLogs.entries()) {
    const burn = burns[k];
    if (burn === undefined) return null;
    if (topicAddress(log.topics[1]) !== burn.operation.holder) return null;
    if (BigInt(log.data) !== burn.operation.burned) return null;
    anchors.set(log, burn.frameIndex);
  }
  return anchors;
}

function merge(
  record: TransactionRecord,
  token: Address,
  fromFrames: readonly FrameOperation[],
  logs: readonly LogEntry[],
  places: readonly number[],
): Operation[] {
  const operations: Operation[] = [];
  let next = 0;
  logs.forEach((log, index) => {
    const framesEntered = places[index] ?? 0;
    for (
      let entry = fromFrames[next];
      entry !== undefined && entry.frameIndex < framesEntered;
      entry = fromFrames[++next]
    ) {
      if (entry.operation !== 'snapshot') operations.push(entry.operation);
    }
    operations.push(logOperation(record, token, log));
  });
  for (const { operation } of fromFrames.slice(next)) {
    if (operation !== 'snapshot') operations.push(operation);
  }
  return operations;
}

function logOperation(
  record: TransactionRecord,
  token: Address,
  log: LogEntry,
): TokenTransfer | SnapshotTaken | Receipt {
  const { transactionIndex, transactionHash } = record;
  if (log.address !== token) return assetReceipt(record, log);
  if (isSnapshotLog(log)) {
    return { kind: 'snapshot', snapshotId: BigInt(log.data), transactionIndex, transactionHash };
  }
  return {
    kind: 'transfer',
    logIndex: log.logIndex,
    from: topicAddress(log.topics[1]),
    to: topicAddress(log.topics[2]),
    amount: BigInt(log.data),
    transactionIndex,
    transactionHash,
  };
}
