import type { ContentVerdict, PromptVerdict } from '../../../ledger/collection.js';
import {
  AIGC_DATA,
  type AigcDataColumns,
  type AigcDataRow,
  decodeAigcData,
} from '../../../model/tables/aigcData.js';
import { numberOfId } from '../../ids.js';
import { type Hex, hexOf } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { rowColumns } from '../query/tableRow.js';

/** One version of the content of a token, as logged. */
export interface AigcDataRecord extends Omit<AigcDataRow, 'tokenId' | 'aigcDataHash' | 'proof'> {
  /** Row id. */
  readonly id: string;
  readonly collectionNumber: number;
  readonly block: number;
  readonly timestamp: Date;
  readonly transactionHash: Hex;
  readonly contentHash: Hex;
  /** Size of the proof in bytes; `null` where the event has none. */
  readonly proofLength: number | null;
  readonly promptVerdict: PromptVerdict;
  readonly contentVerdict: ContentVerdict;
}

export interface DataColumns extends Omit<AigcDataColumns, 'token_id' | 'proof'> {
  readonly id: string;
  readonly data_collection: number;
  readonly block_number: number;
  readonly timestamp: Date;
  readonly transaction_hash: Buffer;
  readonly proof_length: number | null;
  readonly prompt_verdict: PromptVerdict;
  readonly content_verdict: ContentVerdict;
}

/**
 * Columns of aigc_data, without the token, which the caller knows, and the proof, which is read on
 * demand.
 */
export const dataColumns = (row: string) => {
  const left = [`${row}."token_id"`, `${row}."proof"`];
  const columns = rowColumns(AIGC_DATA, row).filter((column) => !left.includes(column));
  return `${row}.id, ${row}.collection_number AS data_collection, ${row}.block_number,
  ${row}."timestamp", ${row}.transaction_hash, length(${row}.proof) AS proof_length,
  ${columns.join(', ')}`;
};

export function decodeData(row: DataColumns): AigcDataRecord {
  const whole = decodeAigcData({ ...row, token_id: '0', proof: null });
  const { tokenId: _, proof: __, aigcDataHash: contentHash, ...data } = whole;
  return {
    ...data,
    id: row.id,
    collectionNumber: row.data_collection,
    block: row.block_number,
    timestamp: row.timestamp,
    transactionHash: hexOf(row.transaction_hash),
    contentHash,
    proofLength: row.proof_length,
    promptVerdict: row.prompt_verdict,
    contentVerdict: row.content_verdict,
  };
}

/** Bytes that a limit may have truncated. */
export interface CutBytes {
  readonly byteLength: number;
  /** The first bytes, up to the limit. */
  readonly bytes: Buffer;
}

export interface ContentRecord extends CutBytes {
  /** Where it was first seen: log, call, request or oracle. */
  readonly source: string;
}

export interface ContentKey {
  readonly collectionNumber: number;
  readonly hash: Hex;
  /** Row id up to which it must have been seen. */
  readonly upTo: string;
  readonly limitBytes: number;
}

/** Contents by their hash; `null` for hashes whose content is not known. */
export async function readContents(
  db: Queryable,
  keys: readonly ContentKey[],
): Promise<(ContentRecord | null)[]> {
  const rows = await readRows<{
    ordinal: number;
    source: string;
    byte_length: number;
    bytes: Buffer;
  }>(
    db,
    'aigc_contents',
    `SELECT k.ordinal, c.source, length(c.content) AS byte_length,
       substring(c.content FROM 1 FOR k.most) AS bytes
     FROM unnest($1::integer[], $2::bytea[], $3::text[], $4::integer[])
       WITH ORDINALITY AS k(collection_number, hash, up_to, most, ordinal)
     JOIN aigc_content c ON c.collection_number = k.collection_number AND c.hash = k.hash
       AND c.id <= k.up_to`,
    [
      keys.map(({ collectionNumber }) => collectionNumber),
      keys.map(({ hash }) => Buffer.from(hash.slice(2), 'hex')),
      keys.map(({ upTo }) => upTo),
      keys.map(({ limitBytes }) => limitBytes),
    ],
  );
  const contents: (ContentRecord | null)[] = keys.map(() => null);
  for (const { ordinal, source, byte_length, bytes } of rows) {
    contents[Number(ordinal) - 1] = { source, byteLength: byte_length, bytes };
  }
  return contents;
}

/** Proofs by the id of their row, `null` where the event had none. */
export async function readProofs(
  db: Queryable,
  keys: readonly { readonly id: string; readonly limitBytes: number }[],
): Promise<(CutBytes | null)[]> {
  const rows = await readRows<{ ordinal: number; byte_length: number; bytes: Buffer }>(
    db,
    'aigc_proofs',
    `SELECT k.ordinal, length(d.proof) AS byte_length,
       substring(d.proof FROM 1 FOR k.most) AS bytes
     FROM unnest($1::integer[], $2::text[], $3::integer[])
       WITH ORDINALITY AS k(collection_number, id, most, ordinal)
     JOIN aigc_data d ON d.collection_number = k.collection_number AND d.id = k.id
     WHERE d.proof IS NOT NULL`,
    [
      keys.map(({ id }) => numberOfId(id)),
      keys.map(({ id }) => id),
      keys.map(({ limitBytes }) => limitBytes),
    ],
  );
  const proofs: (CutBytes | null)[] = keys.map(() => null);
  for (const { ordinal, byte_length, bytes } of rows) {
    proofs[Number(ordinal) - 1] = { byteLength: byte_length, bytes };
  }
  return proofs;
}
