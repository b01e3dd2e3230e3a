import { type Address, addressFromBytes, ZERO_ADDRESS } from '../../../address.js';
import type { PromptVerdict } from '../../../ledger/collection.js';
import { type Hex, hexOf, optionalHex } from '../query/decode.js';
import { type AigcDataRecord, type DataColumns, decodeData } from './aigcData.js';

/** A token of a collection as of a block. */
export interface AigcTokenRecord {
  /** Row id: the place of its first mint. */
  readonly id: string;
  readonly collectionNumber: number;
  readonly tokenId: bigint;
  readonly firstMintedBlock: number;
  readonly firstMintedAt: Date;
  readonly firstMintedBy: Hex;
  /** `null`: burned. */
  readonly owner: Address | null;
  /** Row id of the newest mint's payment. */
  readonly paymentId: string | null;
  /**
   * Hash of the prompt that belongs to the token, regardless of later writes; `null`: not known.
   */
  readonly promptHash: Hex | null;
  /** Why the prompt belongs to the token. */
  readonly promptVerdict: PromptVerdict | null;
  readonly isPromptKnown: boolean;
  /** The best confirmed and then newest write with that prompt; `null`: none. */
  readonly data: AigcDataRecord | null;
}

export interface AigcTokenFilter {
  readonly tokenId?: bigint | null;
  /** The zero address as owner means that the token is burned. */
  readonly owner?: Address | null;
  readonly isPromptKnown?: boolean | null;
  readonly modelId?: bigint | null;
}

/** The zero address as an SQL literal, so that the index of mints can be used. */
export const NOBODY_SQL = `'\\x${ZERO_ADDRESS.slice(2)}'::bytea`;

export interface AigcTokenRow extends Partial<DataColumns> {
  readonly token_row_id: string;
  readonly collection_number: number;
  readonly token_id: string;
  readonly minted_block: number;
  readonly minted_at: Date;
  readonly minted_by: Buffer;
  readonly owner: Buffer;
  readonly payment_id: string | null;
  readonly known_prompt_hash: Buffer | null;
  readonly own_prompt_hash: Buffer | null;
  readonly own_prompt_verdict: PromptVerdict | null;
}

export function decodeAigcToken(row: AigcTokenRow): AigcTokenRecord {
  const owner = addressFromBytes(row.owner);
  const data = row.id == null ? null : decodeData(row as DataColumns);
  return {
    id: row.token_row_id,
    collectionNumber: row.collection_number,
    tokenId: BigInt(row.token_id),
    firstMintedBlock: row.minted_block,
    firstMintedAt: row.minted_at,
    firstMintedBy: hexOf(row.minted_by),
    owner: owner === ZERO_ADDRESS ? null : owner,
    paymentId: row.payment_id,
    promptHash: optionalHex(row.own_prompt_hash),
    promptVerdict: row.own_prompt_verdict,
    isPromptKnown: row.known_prompt_hash !== null,
    data,
  };
}
