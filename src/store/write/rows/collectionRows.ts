import type { Written } from '../../../model/table.js';
import {
  AIGC_CONTENT,
  type AigcContentRow,
  aigcContentLine,
} from '../../../model/tables/aigcContent.js';
import { AIGC_DATA, type AigcDataRow, aigcDataLine } from '../../../model/tables/aigcData.js';
import {
  AIGC_REQUEST,
  type AigcRequestRow,
  aigcRequestLine,
} from '../../../model/tables/aigcRequest.js';
import { AIGC_TOKEN, type AigcTokenRow, aigcTokenLine } from '../../../model/tables/aigcToken.js';
import {
  AIGC_TRANSFER,
  type AigcTransferRow,
  aigcTransferLine,
} from '../../../model/tables/aigcTransfer.js';
import {
  COLLECTION_VERSION,
  type CollectionVersionRow,
  collectionVersionLine,
} from '../../../model/tables/collectionVersion.js';
import {
  MINT_PAYMENT,
  type MintPaymentRow,
  mintPaymentLine,
} from '../../../model/tables/mintPayment.js';
import {
  MINT_REVENUE,
  type MintRevenueRow,
  mintRevenueLine,
} from '../../../model/tables/mintRevenue.js';
import { operationId, versionId } from '../../ids.js';
import type { RowBuffer } from './rowBuffer.js';

/** The block that a row of a collection belongs to. */
export interface CollectionBlock {
  readonly collectionNumber: number;
  readonly blockNumber: number;
  /** ISO 8601. */
  readonly timestamp: string;
}

/** The place of a row: its collection, its block and its position among the block's operations. */
export interface CollectionPlace extends CollectionBlock {
  readonly position: number;
  readonly transactionHash: string;
  readonly transactionIndex: number;
}

/** The rows of ERC-7007 collections, appended to a buffer. */
export const collectionRows = {
  version(rows: RowBuffer, place: CollectionBlock, row: CollectionVersionRow): void {
    const id = versionId(place.collectionNumber, place.blockNumber);
    rows.append(COLLECTION_VERSION, collectionVersionLine(id, place, row));
  },

  token(rows: RowBuffer, place: CollectionPlace, row: Written<AigcTokenRow>): void {
    rows.append(AIGC_TOKEN, aigcTokenLine(idOf(place), place, row));
  },

  transfer(rows: RowBuffer, place: CollectionPlace, row: AigcTransferRow): void {
    rows.append(AIGC_TRANSFER, aigcTransferLine(idOf(place), place, row));
  },

  data(rows: RowBuffer, place: CollectionPlace, row: Written<AigcDataRow>): void {
    rows.append(AIGC_DATA, aigcDataLine(idOf(place), place, row));
  },

  content(rows: RowBuffer, place: CollectionPlace, row: Written<AigcContentRow>): void {
    rows.append(AIGC_CONTENT, aigcContentLine(idOf(place), place, row));
  },

  request(rows: RowBuffer, place: CollectionPlace, row: Written<AigcRequestRow>): void {
    rows.append(AIGC_REQUEST, aigcRequestLine(idOf(place), place, row));
  },

  /** @returns the id of the row, for the mints and the revenue that belong to it */
  payment(rows: RowBuffer, place: CollectionPlace, row: Written<MintPaymentRow>): string {
    const id = idOf(place);
    rows.append(MINT_PAYMENT, mintPaymentLine(id, place, row));
    return id;
  },

  revenue(rows: RowBuffer, place: CollectionPlace, row: MintRevenueRow): void {
    rows.append(MINT_REVENUE, mintRevenueLine(idOf(place), place, row));
  },
};

function idOf({ collectionNumber, blockNumber, position }: CollectionPlace): string {
  return operationId(collectionNumber, blockNumber, position);
}
