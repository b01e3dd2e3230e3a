import type { QueryResultRow } from 'pg';
import { AIGC_DATA } from '../../../model/tables/aigcData.js';
import {
  AIGC_TRANSFER,
  type AigcTransferColumns,
  type AigcTransferRow,
  decodeAigcTransfer,
} from '../../../model/tables/aigcTransfer.js';
import { operationId } from '../../ids.js';
import { type Hex, hexOf } from '../query/decode.js';
import { rowColumns } from '../query/tableRow.js';
import type { VersionedKey, VersionTable } from '../query/versionPages.js';
import { type AigcDataRecord, type DataColumns, dataColumns, decodeData } from './aigcData.js';

/** A transfer of a token: from the zero address in a mint, to the zero address in a burn. */
export interface AigcTransferRecord extends Pick<AigcTransferRow, 'logIndex' | 'from' | 'to'> {
  /** Row id. */
  readonly id: string;
  readonly block: number;
  readonly timestamp: Date;
  readonly transactionHash: Hex;
}

interface TransferColumns extends AigcTransferColumns {
  readonly id: string;
  readonly block_number: number;
  readonly timestamp: Date;
  readonly transaction_hash: Buffer;
}

/** Versions without the columns that a list filters them by. */
type Unfiltered<Columns extends QueryResultRow, Version extends { readonly id: string }> = Omit<
  VersionTable<Columns, Version, object>,
  'where'
>;

const OF_TOKEN = { contractColumn: 'collection_number', idColumn: 'token_id' } as const;

/** Every owner of tokens. */
export const OWNER_VERSIONS: Unfiltered<TransferColumns, AigcTransferRecord> = {
  ...OF_TOKEN,
  name: AIGC_TRANSFER.name,
  columns: `o.id, o.block_number, o."timestamp", o.transaction_hash,
    ${rowColumns(AIGC_TRANSFER).join(', ')}`,
  decode: (row) => {
    const { logIndex, from, to } = decodeAigcTransfer(row);
    return {
      id: row.id,
      block: row.block_number,
      timestamp: row.timestamp,
      transactionHash: hexOf(row.transaction_hash),
      logIndex,
      from,
      to,
    };
  },
};

/** Every content of tokens. */
export const DATA_VERSIONS: Unfiltered<DataColumns, AigcDataRecord> = {
  ...OF_TOKEN,
  name: AIGC_DATA.name,
  columns: dataColumns('o'),
  decode: decodeData,
};

/** A token whose owners and contents are read. `upTo`: row id up to which they count as seen. */
export function versionsOfToken(
  collectionNumber: number,
  tokenId: bigint,
  upTo: string,
): VersionedKey {
  const low = operationId(collectionNumber, 0, 0);
  return { contractNumber: collectionNumber, id: tokenId, low, high: upTo };
}
