import type { Address } from '../../../address.js';
import type { Receipt } from '../operation.js';
import { type Origin, originOf } from '../origin.js';
import { TRANSFER_TOPIC } from '../selectors.js';
import { topicAddress } from '../topicAddress.js';
import type { Frame, LogEntry, TransactionRecord } from '../tree/frames.js';

/** An amount in the data of a log: one word. */
const AMOUNT_LENGTH = 2 + 64;

/** The topic that stands for an address. */
export function addressTopic(address: Address): string {
  return `0x${address.slice(2).padStart(64, '0')}`;
}

/** Whether a log says that an ERC-20, whichever, came to the token from somebody else. */
export function isAssetLog({ topics, data }: LogEntry, token: Address): boolean {
  const [topic, from, to] = topics;
  if (topic !== TRANSFER_TOPIC || topics.length !== 3 || data.length !== AMOUNT_LENGTH)
    return false;
  const ofToken = addressTopic(token);
  return to === ofToken && from !== ofToken && BigInt(data) > 0n;
}

/** The receipt that such a log stands for. */
export function assetReceipt(record: TransactionRecord, log: LogEntry): Receipt {
  const payer = topicAddress(log.topics[1]);
  return {
    kind: 'receipt',
    receiptKind: 'transfer',
    asset: log.address as Address,
    payer,
    amountWei: BigInt(log.data),
    selector: null,
    origin: originOfLog(record, log, payer),
    transactionIndex: record.transactionIndex,
    transactionHash: record.transactionHash,
  };
}

/** Who had the asset transferred, from the sender of the transaction to the payer. */
function originOfLog(record: TransactionRecord, log: LogEntry, payer: Address): Origin {
  let frame = record.frameOfLog?.get(log);
  // A transaction that the block does not list has logs, but no frames.
  if (frame === undefined && record.frames.length === 0) frame = withoutCaller(log, payer);
  if (frame === undefined) throw new Error(`log ${log.logIndex} has no place in a call tree`);
  // Behind a proxy the log is written by code that the asset delegates to.
  while (frame.isDelegateCall && frame.parent !== null) frame = frame.parent;
  const { path, ...origin } = originOf(frame);
  return { ...origin, path: path.at(-1) === payer ? path : [...path, payer] };
}

function withoutCaller(log: LogEntry, payer: Address): Frame {
  return {
    ...{ kind: 'call', isCall: true, isDelegateCall: false, valueWei: 0n, input: '0x' },
    ...{ from: payer, to: log.address as Address, reverted: false, parent: null },
  };
}
