import type { Address } from '../address.js';
import { BinaryTable } from './binaryRows.js';
import { writeDigits, writeHex, writeTimestamp } from './binaryValues.js';
import { operationId } from './ids.js';
import type { RowBuffer } from './rowBuffer.js';
import type { RowPlace } from './tokenRows.js';

/**
 * The two tables that grow with every transfer. Their rows are most of what a backfill
 * writes, and go in COPY's binary format.
 */

const ID_LENGTH = operationId(0, 0, 0).length;
/** The digits of the position, which end an id. */
const POSITION_DIGITS = 6;

const TRANSFER = new BinaryTable(
  'transfer',
  {
    id: ID_LENGTH,
    token_number: 4,
    block_number: 4,
    timestamp: 8,
    transaction_hash: 32,
    transaction_index: 4,
    position: 4,
    log_index: 4,
    from: 20,
    to: 20,
  },
  'amount',
);

const CHECKPOINT = new BinaryTable(
  'balance_checkpoint',
  { account: 20, token_number: 4, block_number: 4, interval: 4 },
  'balance',
  'account',
);

/** The place of the row before: most share its token, block and transaction. */
let last: RowPlace | null = null;

/** @param amount token units */
export function appendTransfer(
  rows: RowBuffer,
  place: RowPlace,
  logIndex: number,
  { from, to, amount }: { from: Address; to: Address; amount: bigint },
): void {
  const { bytes, at } = TRANSFER;
  if (last === null || !isSameTransaction(place, last)) writeTransaction(place);
  last = place;
  writeDigits(bytes, at.id + ID_LENGTH - POSITION_DIGITS, place.position, POSITION_DIGITS);
  bytes.writeInt32BE(place.position, at.position);
  bytes.writeInt32BE(logIndex, at.log_index);
  writeHex(bytes, at.from, from);
  writeHex(bytes, at.to, to);
  rows.appendBinary(TRANSFER, amount);
}

function isSameTransaction(a: RowPlace, b: RowPlace): boolean {
  return (
    a.transactionHash === b.transactionHash &&
    a.tokenNumber === b.tokenNumber &&
    a.blockNumber === b.blockNumber &&
    a.transactionIndex === b.transactionIndex &&
    a.timestamp === b.timestamp
  );
}

function writeTransaction(place: RowPlace): void {
  const { bytes, at } = TRANSFER;
  bytes.write(operationId(place.tokenNumber, place.blockNumber, 0), at.id, 'latin1');
  bytes.writeInt32BE(place.tokenNumber, at.token_number);
  bytes.writeInt32BE(place.blockNumber, at.block_number);
  writeTimestamp(bytes, at.timestamp, place.timestamp);
  writeHex(bytes, at.transaction_hash, place.transactionHash);
  bytes.writeInt32BE(place.transactionIndex, at.transaction_index);
}

/** The last balance of a holder in a block and snapshot interval. @param balance token units */
export function appendCheckpoint(
  rows: RowBuffer,
  tokenNumber: number,
  account: Address,
  blockNumber: number,
  interval: number,
  balance: bigint,
): void {
  const { bytes, at } = CHECKPOINT;
  writeHex(bytes, at.account, account);
  bytes.writeInt32BE(tokenNumber, at.token_number);
  bytes.writeInt32BE(blockNumber, at.block_number);
  bytes.writeInt32BE(interval, at.interval);
  rows.appendBinary(CHECKPOINT, balance);
}
