import type { Address } from '../address.js';
import type { LogEntry, TransactionRecord } from './frames.js';
import type { Receipt } from './operation.js';
import { type Origin, originOf } from './origin.js';
import { TRANSFER_TOPIC } from './selectors.js';
import { topicAddress } from './topicAddress.js';

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
function originOfLog({ frameOfLog }: TransactionRecord, log: LogEntry, payer: Address): Origin {
  let frame = frameOfLog?.get(log) ?? null;
  if (frame === null) return { path: [payer], payout: null };
  // Behind a proxy the log is written by code that the asset delegates to.
  while (frame.isDelegateCall && frame.parent !== null) frame = frame.parent;
  const { path, payout } = originOf(frame);
  return { path: path.at(-1) === payer ? path : [...path, payer], payout };
}
