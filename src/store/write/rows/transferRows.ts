import type { Address } from '../../../address.js';
import { TRANSFER } from '../../../model/tables/transfer.js';
import { assertNumber, operationId, POSITION_DIGITS } from '../../ids.js';
import { BinaryTable } from '../copy/binaryRows.js';
import { writeDigits, writeHex, writeTimestamp, writeWhole } from '../copy/binaryValues.js';
import type { RowBuffer } from './rowBuffer.js';
import type { RowPlace } from './tokenRows.js';

/**
 * The two tables that grow with every transfer. Their rows are most of what a backfill writes, so
 * they use COPY's binary format.
 */

/** Bytes of the length in front of every value. */
const LENGTH_BYTES = 4;
/** The greatest position whose digits are written in place. */
const LAST_IN_PLACE = 10 ** POSITION_DIGITS - 1;

/** One table for each length of ids, because columns of COPY's binary rows have fixed lengths. */
const TRANSFERS = new Map<number, TransferTable>();

/** If the table gets another column, the program does not compile until its bytes are written. */
type TransferColumn = (typeof TRANSFER.columns)[keyof typeof TRANSFER.columns]['name'];
type TransferTable = ReturnType<typeof newTransferTable>;

function newTransferTable(idLength: number) {
  return new BinaryTable(
    TRANSFER.name,
    {
      id: idLength,
      token_number: 4,
      block_number: 8,
      timestamp: 8,
      transaction_hash: 32,
      transaction_index: 4,
      position: 4,
      log_index: 4,
      from: 20,
      to: 20,
    } satisfies Record<Exclude<TransferColumn, 'amount'>, number>,
    'amount',
  );
}

const CHECKPOINT = new BinaryTable(
  'balance_checkpoint',
  { account: 20, token_number: 4, block_number: 8, interval: 4 },
  'balance',
  'account',
);

/** The previous row: most rows share its token, block and transaction. */
let last: { readonly place: RowPlace; readonly table: TransferTable } | null = null;

/** @param amount token units */
export function appendTransfer(
  rows: RowBuffer,
  place: RowPlace,
  logIndex: number,
  { from, to, amount }: { from: Address; to: Address; amount: bigint },
): void {
  let table = last?.table;
  if (last === null || table === undefined || !isNextOf(place, last.place)) {
    table = writeTransaction(place);
  } else {
    // Lengths precede the values, so the id ends where the next length starts.
    const end = table.at.token_number - LENGTH_BYTES;
    writeDigits(table.bytes, end - POSITION_DIGITS, place.position, POSITION_DIGITS);
  }
  last = { place, table };
  const { bytes, at } = table;
  assertNumber(logIndex);
  bytes.writeInt32BE(place.position, at.position);
  bytes.writeInt32BE(logIndex, at.log_index);
  writeHex(bytes, at.from, from);
  writeHex(bytes, at.to, to);
  rows.appendBinary(table, amount);
}

/** A row of the same transaction: only the position in its id differs. */
function isNextOf(a: RowPlace, b: RowPlace): boolean {
  return (
    a.position <= LAST_IN_PLACE &&
    b.position <= LAST_IN_PLACE &&
    a.transactionHash === b.transactionHash &&
    a.tokenNumber === b.tokenNumber &&
    a.blockNumber === b.blockNumber &&
    a.transactionIndex === b.transactionIndex &&
    a.timestamp === b.timestamp
  );
}

function writeTransaction(place: RowPlace): TransferTable {
  const id = operationId(place.tokenNumber, place.blockNumber, place.position);
  const table = transferTable(id.length);
  const { bytes, at } = table;
  bytes.write(id, at.id, 'latin1');
  bytes.writeInt32BE(place.tokenNumber, at.token_number);
  writeWhole(bytes, at.block_number, place.blockNumber);
  writeTimestamp(bytes, at.timestamp, place.timestamp);
  writeHex(bytes, at.transaction_hash, place.transactionHash);
  bytes.writeInt32BE(place.transactionIndex, at.transaction_index);
  return table;
}

function transferTable(idLength: number): TransferTable {
  let table = TRANSFERS.get(idLength);
  if (table === undefined) {
    table = newTransferTable(idLength);
    TRANSFERS.set(idLength, table);
  }
  return table;
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
  assertNumber(tokenNumber);
  assertNumber(interval);
  writeHex(bytes, at.account, account);
  bytes.writeInt32BE(tokenNumber, at.token_number);
  writeWhole(bytes, at.block_number, blockNumber);
  bytes.writeInt32BE(interval, at.interval);
  rows.appendBinary(CHECKPOINT, balance);
}
