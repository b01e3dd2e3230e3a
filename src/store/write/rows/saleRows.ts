import type { Written } from '../../../model/table.js';
import { SALE_ENTRY, type SaleEntryRow, saleEntryLine } from '../../../model/tables/saleEntry.js';
import {
  SALE_VERSION,
  type SaleVersionRow,
  saleVersionLine,
} from '../../../model/tables/saleVersion.js';
import { operationId, versionId } from '../../ids.js';
import type { RowBuffer } from './rowBuffer.js';

/** The block that a row of a sale belongs to. */
export interface SaleRowPlace {
  readonly saleNumber: number;
  readonly blockNumber: number;
  /** ISO 8601. */
  readonly timestamp: string;
}

/** The place of an entry in its block. */
export interface SaleEntryPlace extends SaleRowPlace {
  readonly position: number;
  readonly transactionHash: string;
  readonly transactionIndex: number;
}

/** The rows of sales, appended to a buffer. */
export const saleRows = {
  entry(rows: RowBuffer, place: SaleEntryPlace, row: Written<SaleEntryRow>): void {
    const id = operationId(place.saleNumber, place.blockNumber, place.position);
    rows.append(SALE_ENTRY, saleEntryLine(id, place, row));
  },

  /** The state of the sale at the end of the block. */
  version(rows: RowBuffer, place: SaleRowPlace, row: SaleVersionRow): void {
    const id = versionId(place.saleNumber, place.blockNumber);
    rows.append(SALE_VERSION, saleVersionLine(id, place, row));
  },
};
