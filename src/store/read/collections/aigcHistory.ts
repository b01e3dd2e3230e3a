import { type Address, addressFromBytes } from '../../../address.js';
import { operationId } from '../../ids.js';
import { type Hex, hexOf } from '../query/decode.js';
import type { VersionedKey, VersionTable } from '../query/versionPages.js';
import {
  addressColumn,
  hexColumn,
  integerColumn,
  numericColumn,
  textColumn,
  timeColumn,
  type WhereColumns,
} from '../query/where.js';
import { type AigcDataRecord, type DataColumns, dataColumns, decodeData } from './aigcData.js';

/** A token changed hands. */
export interface AigcTransferRecord {
  /** Row id. */
  readonly id: string;
  readonly block: number;
  readonly timestamp: Date;
  readonly transactionHash: Hex;
  readonly logIndex: number;
  /** The zero address: a mint. */
  readonly from: Address;
  /** The zero address: a burn. */
  readonly to: Address;
}

interface TransferColumns {
  readonly id: string;
  readonly block_number: number;
  readonly timestamp: Date;
  readonly transaction_hash: Buffer;
  readonly log_index: number;
  readonly from: Buffer;
  readonly to: Buffer;
}

/** What every version can be narrowed by. */
interface VersionValues {
  readonly block: number;
  readonly timestamp: Date;
  readonly transactionHash: Hex;
}

/** What owners of a token can be narrowed by. */
export interface AigcTransferValues extends VersionValues {
  readonly from: Address;
  readonly to: Address;
}

/** What contents of a token can be narrowed by. */
export interface AigcDataValues extends VersionValues {
  readonly event: string;
  readonly writer: Address;
  readonly oracle: Address | null;
  readonly requestId: bigint | null;
  readonly modelId: bigint | null;
  readonly uri: string | null;
  readonly promptVerdict: string;
  readonly contentVerdict: string;
}

const VERSION_COLUMNS: WhereColumns<VersionValues> = {
  block: integerColumn('o.block_number'),
  timestamp: timeColumn('o."timestamp"'),
  transactionHash: hexColumn('o.transaction_hash'),
};

const OF_TOKEN = { contractColumn: 'collection_number', idColumn: 'token_id' } as const;

/** Every owner of tokens. */
export const OWNER_VERSIONS: VersionTable<TransferColumns, AigcTransferRecord, AigcTransferValues> =
  {
    ...OF_TOKEN,
    name: 'aigc_transfer',
    columns: `o.id, o.block_number, o."timestamp", o.transaction_hash, o.log_index,
    o."from", o."to"`,
    where: {
      ...VERSION_COLUMNS,
      from: addressColumn('o."from"'),
      to: addressColumn('o."to"'),
    },
    decode: (row) => ({
      id: row.id,
      block: row.block_number,
      timestamp: row.timestamp,
      transactionHash: hexOf(row.transaction_hash),
      logIndex: row.log_index,
      from: addressFromBytes(row.from),
      to: addressFromBytes(row.to),
    }),
  };

/** Every content of tokens. */
export const DATA_VERSIONS: VersionTable<DataColumns, AigcDataRecord, AigcDataValues> = {
  ...OF_TOKEN,
  name: 'aigc_data',
  columns: dataColumns('o'),
  where: {
    ...VERSION_COLUMNS,
    event: textColumn('o.event'),
    writer: addressColumn('o.writer'),
    oracle: addressColumn('o.oracle'),
    requestId: numericColumn('o.request_id'),
    modelId: numericColumn('o.model_id'),
    promptVerdict: textColumn('o.prompt_verdict'),
    contentVerdict: textColumn('o.content_verdict'),
    // Kept as it was logged, which need not be text.
    uri: { sql: 'o.uri', type: 'bytea', encode: (text) => Buffer.from(text) },
  },
  decode: decodeData,
};

/** What has the owners and contents of a token. `upTo`: row id up to which they count as seen. */
export function versionsOfToken(
  collectionNumber: number,
  tokenId: bigint,
  upTo: string,
): VersionedKey {
  const low = operationId(collectionNumber, 0, 0);
  return { contractNumber: collectionNumber, id: tokenId, low, high: upTo };
}
