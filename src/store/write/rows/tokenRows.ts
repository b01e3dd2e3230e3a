import type { Written } from '../../../model/table.js';
import { CLAIM, type ClaimRow, claimLine } from '../../../model/tables/claim.js';
import {
  HOLDER_COUNT,
  type HolderCountRow,
  holderCountLine,
} from '../../../model/tables/holderCount.js';
import {
  POOL_VERSION,
  type PoolVersionRow,
  poolVersionLine,
} from '../../../model/tables/poolVersion.js';
import { RECEIPT, type ReceiptRow, receiptLine } from '../../../model/tables/receipt.js';
import {
  REDEMPTION,
  type RedemptionRow,
  redemptionLine,
} from '../../../model/tables/redemption.js';
import { SNAPSHOT, type SnapshotRow, snapshotLine } from '../../../model/tables/snapshot.js';
import {
  TOKEN_TERMS,
  type TokenTermsRow,
  tokenTermsLine,
} from '../../../model/tables/tokenTerms.js';
import { operationId, versionId } from '../../ids.js';
import type { RowBuffer } from './rowBuffer.js';

/** The block that a row of a token belongs to. */
export interface TokenBlock {
  readonly tokenNumber: number;
  readonly blockNumber: number;
  /** ISO 8601. */
  readonly timestamp: string;
}

/** The place of a row: its token, its block and its position among the block's operations. */
export interface RowPlace extends TokenBlock {
  readonly position: number;
  readonly transactionHash: string;
  readonly transactionIndex: number;
}

/** The place of money without a transaction has neither hash nor index. */
export type ReceiptPlace = Omit<RowPlace, 'transactionHash' | 'transactionIndex'> & {
  readonly transactionHash: string | null;
  readonly transactionIndex: number | null;
};

/** The rows of revenue tokens, without transfers, appended to a buffer. */
export const tokenRows = {
  poolVersion(rows: RowBuffer, place: TokenBlock, row: PoolVersionRow): void {
    const id = versionId(place.tokenNumber, place.blockNumber);
    rows.append(POOL_VERSION, poolVersionLine(id, place, row));
  },

  holderCount(rows: RowBuffer, place: TokenBlock, row: HolderCountRow): void {
    const id = versionId(place.tokenNumber, place.blockNumber);
    rows.append(HOLDER_COUNT, holderCountLine(id, place, row));
  },

  snapshot(rows: RowBuffer, place: RowPlace, row: SnapshotRow): void {
    rows.append(SNAPSHOT, snapshotLine(idOf(place), place, row));
  },

  receipt(rows: RowBuffer, place: ReceiptPlace, row: Written<ReceiptRow>): void {
    rows.append(RECEIPT, receiptLine(idOf(place), place, row));
  },

  /** Terms from a place on. The transaction is null if it is not known. */
  terms(rows: RowBuffer, place: ReceiptPlace, row: Written<TokenTermsRow>): void {
    rows.append(TOKEN_TERMS, tokenTermsLine(idOf(place), place, row));
  },

  claim(rows: RowBuffer, place: RowPlace, row: ClaimRow): void {
    rows.append(CLAIM, claimLine(idOf(place), place, row));
  },

  redemption(rows: RowBuffer, place: RowPlace, row: RedemptionRow): void {
    rows.append(REDEMPTION, redemptionLine(idOf(place), place, row));
  },
};

function idOf({ tokenNumber, blockNumber, position }: ReceiptPlace): string {
  return operationId(tokenNumber, blockNumber, position);
}
