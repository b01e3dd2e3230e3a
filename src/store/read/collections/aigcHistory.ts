import { AIGC_DATA, type AigcDataRow } from '../../../model/tables/aigcData.js';
import {
  AIGC_TRANSFER,
  type AigcTransferColumns,
  type AigcTransferRow,
  decodeAigcTransfer,
} from '../../../model/tables/aigcTransfer.js';
import { operationId } from '../../ids.js';
import { type Hex, hexOf } from '../query/decode.js';
import { rowColumns, rowWhere } from '../query/tableRow.js';
import type { VersionedKey, VersionTable } from '../query/versionPages.js';
import { hexColumn, integerColumn, timeColumn, type WhereColumns } from '../query/where.js';
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

/** The fields that every kind of version can be filtered by. */
interface VersionValues {
  readonly block: number;
  readonly timestamp: Date;
  readonly transactionHash: Hex;
}

/** The fields that owners of a token can be filtered by. */
export interface AigcTransferValues extends VersionValues, Pick<AigcTransferRow, 'from' | 'to'> {}

/** The fields that contents of a token can be filtered by. */
export interface AigcDataValues
  extends VersionValues,
    Omit<AigcDataRow, 'logIndex' | 'tokenId' | 'promptHash' | 'aigcDataHash' | 'proof'> {}

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
    name: AIGC_TRANSFER.name,
    columns: `o.id, o.block_number, o."timestamp", o.transaction_hash,
    ${rowColumns(AIGC_TRANSFER).join(', ')}`,
    where: {
      ...VERSION_COLUMNS,
      ...rowWhere<AigcTransferRow>(AIGC_TRANSFER),
    },
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
export const DATA_VERSIONS: VersionTable<DataColumns, AigcDataRecord, AigcDataValues> = {
  ...OF_TOKEN,
  name: AIGC_DATA.name,
  columns: dataColumns('o'),
  where: {
    ...VERSION_COLUMNS,
    ...rowWhere<AigcDataRow>(AIGC_DATA),
  },
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
