import { type Address, addressFromBytes } from '../../address.js';
import { type AigcDataRecord, DATA_COLUMNS, type DataColumns, decodeData } from './aigcData.js';
import { type Hex, hexOf } from './decode.js';
import type { Queryable } from './queryable.js';
import { readRows } from './statement.js';

/** The newest so many versions of something about a token, up to a row id. */
export interface HistoryKey {
  readonly collectionNumber: number;
  readonly tokenId: bigint;
  readonly upTo: string;
  readonly limit: number;
}

/** Newest first; `count` tells how many there are without the limit. */
export interface History<Version> {
  readonly versions: readonly Version[];
  readonly count: number;
}

/** A token changed hands. */
export interface AigcTransferRecord {
  readonly block: number;
  readonly timestamp: Date;
  readonly transactionHash: Hex;
  readonly logIndex: number;
  /** The zero address: a mint. */
  readonly from: Address;
  /** The zero address: a burn. */
  readonly to: Address;
}

interface TransferRow {
  readonly block_number: number;
  readonly timestamp: Date;
  readonly transaction_hash: Buffer;
  readonly log_index: number;
  readonly from: Buffer;
  readonly to: Buffer;
}

/** Every owner of tokens. */
export function readOwnerHistories(
  db: Queryable,
  keys: readonly HistoryKey[],
): Promise<History<AigcTransferRecord>[]> {
  const columns =
    'd.block_number, d."timestamp", d.transaction_hash, d.log_index, d."from", d."to"';
  return readHistories<TransferRow, AigcTransferRecord>(
    db,
    'aigc_transfer',
    columns,
    keys,
    (row) => ({
      block: row.block_number,
      timestamp: row.timestamp,
      transactionHash: hexOf(row.transaction_hash),
      logIndex: row.log_index,
      from: addressFromBytes(row.from),
      to: addressFromBytes(row.to),
    }),
  );
}

/** Every content of tokens. */
export function readDataHistories(
  db: Queryable,
  keys: readonly HistoryKey[],
): Promise<History<AigcDataRecord>[]> {
  return readHistories<DataColumns, AigcDataRecord>(
    db,
    'aigc_data',
    DATA_COLUMNS,
    keys,
    decodeData,
  );
}

async function readHistories<Row, Version>(
  db: Queryable,
  table: 'aigc_transfer' | 'aigc_data',
  columns: string,
  keys: readonly HistoryKey[],
  decode: (row: Row) => Version,
): Promise<History<Version>[]> {
  const ofToken = `collection_number = k.collection_number AND token_id = k.token_id
    AND id <= k.up_to`;
  const rows = await readRows<Row & { readonly ordinal: string; readonly count: string }>(
    db,
    `${table}_histories`,
    `SELECT k.ordinal, (SELECT count(*) FROM ${table} WHERE ${ofToken}) AS count, ${columns}
     FROM unnest($1::integer[], $2::numeric[], $3::text[], $4::integer[])
       WITH ORDINALITY AS k(collection_number, token_id, up_to, most, ordinal)
     CROSS JOIN LATERAL (
       SELECT * FROM ${table} WHERE ${ofToken} ORDER BY id DESC LIMIT k.most
     ) d
     ORDER BY k.ordinal, d.id DESC`,
    [
      keys.map(({ collectionNumber }) => collectionNumber),
      keys.map(({ tokenId }) => String(tokenId)),
      keys.map(({ upTo }) => upTo),
      keys.map(({ limit }) => limit),
    ],
  );
  const histories = keys.map(() => ({ versions: [] as Version[], count: 0 }));
  for (const row of rows) {
    const history = histories[Number(row.ordinal) - 1];
    if (history === undefined) continue;
    history.versions.push(decode(row));
    history.count = Number(row.count);
  }
  return histories;
}
