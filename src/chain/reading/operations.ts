import type { Address } from '../../address.js';
import { assetReceipt, isAssetLog } from './assets/assetReceipt.js';
import { frameOperations } from './frameOperations.js';
import type {
  Operation,
  OrderedOperations,
  Receipt,
  SnapshotTaken,
  TokenTransfer,
} from './operation.js';
import { possibleOrders } from './possibleOrders.js';
import { SNAPSHOT_TOPIC, TRANSFER_TOPIC } from './selectors.js';
import { topicAddress } from './topicAddress.js';
import type { LogEntry, LogPlace, TransactionRecord } from './tree/frames.js';

/** Logs and frames came separately. */
const ANYWHERE: LogPlace = { earliest: 0, latest: Number.MAX_SAFE_INTEGER };

/**
 * Puts all that a transaction did to `token` into execution order. The order of the frames is
 * known, and that of the logs. Where they came separately, a log may have been written anywhere
 * between the frames: the order is proven only if no figure depends on that. A call tree tells more.
 *
 * The k-th `Snapshot` log mostly belongs to the k-th `snapshot()` frame. That makes an order likely,
 * and proves nothing: such a frame may log nothing, and another function may take the snapshot.
 *
 * @param sharesAssets the token shares ERC-20 assets too: their transfers to it are receipts.
 *   Their way, and what the token saw of its balances, only the whole call tree tells.
 * @returns `null` where the call tree is needed whatever the order
 * @throws ImoError as `frameOperations` does.
 */
export function orderedOperations(
  record: TransactionRecord,
  token: Address,
  sharesAssets: boolean,
): OrderedOperations | null {
  if (sharesAssets && record.framesBeforeLog === null) return null;
  if (record.frames.length === 0) return operationsOfLogs(record, token, sharesAssets);
  const logs = record.logs.flatMap((log, index) =>
    concerns(log, token, sharesAssets)
      ? [{ log, place: record.framesBeforeLog?.[index] ?? ANYWHERE }]
      : [],
  );
  const fromFrames = frameOperations(record, token);
  const steps = fromFrames.flatMap(({ frameIndex, operation }) =>
    operation === 'snapshot' ? [] : [{ frameIndex, operation }],
  );
  const placed = logs.map(({ log, place }) => ({
    place,
    operation: logOperation(record, token, log),
  }));
  const snapshotFrames = fromFrames.flatMap(({ frameIndex, operation }) =>
    operation === 'snapshot' ? [frameIndex] : [],
  );
  return possibleOrders(steps, placed, snapshotFrames);
}

/** Where there are only logs, theirs is the order. */
function operationsOfLogs(
  record: TransactionRecord,
  token: Address,
  sharesAssets: boolean,
): OrderedOperations {
  const operations: Operation[] = [];
  for (const log of record.logs) {
    if (concerns(log, token, sharesAssets)) operations.push(logOperation(record, token, log));
  }
  return { operations, alternatives: [] };
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
    from: log.topicAddresses?.[1] ?? topicAddress(log.topics[1]),
    to: log.topicAddresses?.[2] ?? topicAddress(log.topics[2]),
    amount: BigInt(log.data),
    transactionIndex,
    transactionHash,
  };
}
