import type { Address } from '../../../address.js';
import type { Participation, SaleEntryKind, SaleState } from '../../../ledger/sales/sale.js';
import { operationId, versionId } from '../../ids.js';
import { copyBytes, NULL } from '../copy/copy.js';
import type { RowBuffer, RowTable } from './rowBuffer.js';

const PLACE = 'id, sale_number, block_number, "timestamp"';

const SALE_ENTRY: RowTable = {
  name: 'sale_entry',
  columns: `${PLACE}, transaction_hash, transaction_index, position, kind, participant, caller, raise_amount, token_amount, deposited, allocated, claimed, refunded, sold, proceeds, cost`,
};

const SALE_VERSION: RowTable = {
  name: 'sale_version',
  columns: `${PLACE}, has_ended, is_finalised, participants, raised, refunded, allocated, claimed, sold, proceeds, last_raise_amount, last_token_amount`,
};

/** The block that a row of a sale belongs to. */
export interface SaleRowPlace {
  readonly saleNumber: number;
  readonly blockNumber: number;
  /** ISO 8601. */
  readonly timestamp: string;
}

export interface SaleEntryRow {
  readonly position: number;
  readonly transactionHash: string;
  readonly transactionIndex: number;
  readonly kind: SaleEntryKind;
  readonly participant: Address | null;
  readonly caller: Address | null;
  readonly raiseAmount: bigint;
  readonly tokenAmount: bigint;
}

/** The rows of sales, appended to a buffer. */
export const saleRows = {
  /** @param after the totals of the participant, this entry included. */
  entry(rows: RowBuffer, place: SaleRowPlace, row: SaleEntryRow, after: Participation): void {
    const { saleNumber, blockNumber, timestamp } = place;
    rows.append(
      SALE_ENTRY,
      `${operationId(saleNumber, blockNumber, row.position)}\t${saleNumber}\t${blockNumber}\t` +
        `${timestamp}\t${copyBytes(row.transactionHash)}\t${row.transactionIndex}\t` +
        `${row.position}\t${row.kind}\t${orNull(row.participant)}\t${orNull(row.caller)}\t` +
        `${row.raiseAmount}\t${row.tokenAmount}\t${after.deposited}\t${after.allocated}\t` +
        `${after.claimed}\t${after.refunded}\t${after.sold}\t${after.proceeds}\t${after.cost}\n`,
    );
  },

  /** Where the sale stands at the end of the block. */
  version(rows: RowBuffer, place: SaleRowPlace, state: SaleState, participants: number): void {
    const { saleNumber, blockNumber, timestamp } = place;
    rows.append(
      SALE_VERSION,
      `${versionId(saleNumber, blockNumber)}\t${saleNumber}\t${blockNumber}\t${timestamp}\t` +
        `${state.hasEnded}\t${state.isFinalised}\t${participants}\t${state.raised}\t` +
        `${state.refunded}\t${state.allocated}\t${state.claimed}\t${state.sold}\t` +
        `${state.proceeds}\t${state.lastTrade?.raiseAmount ?? NULL}\t` +
        `${state.lastTrade?.tokenAmount ?? NULL}\n`,
    );
  },
};

function orNull(address: Address | null): string {
  return address === null ? NULL : copyBytes(address);
}
