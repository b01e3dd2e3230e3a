import type { Written } from '../../../model/table.js';
import {
  MODEL_CHANGE,
  type ModelChangeRow,
  modelChangeLine,
} from '../../../model/tables/modelChange.js';
import {
  MODEL_PAYOUT,
  type ModelPayoutRow,
  modelPayoutLine,
} from '../../../model/tables/modelPayout.js';
import {
  MODEL_TOTAL,
  type ModelTotalRow,
  modelTotalLine,
} from '../../../model/tables/modelTotal.js';
import {
  MODEL_VERSION,
  type ModelVersionRow,
  modelVersionLine,
} from '../../../model/tables/modelVersion.js';
import {
  ORACLE_REQUEST,
  type OracleRequestRow,
  oracleRequestLine,
} from '../../../model/tables/oracleRequest.js';
import {
  ORACLE_RESULT,
  type OracleResultRow,
  oracleResultLine,
} from '../../../model/tables/oracleResult.js';
import { operationId } from '../../ids.js';
import type { RowBuffer } from './rowBuffer.js';

/** The place of a row of an oracle: its block and its position among the block's operations. */
export interface OraclePlace {
  readonly contractNumber: number;
  readonly blockNumber: number;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly position: number;
}

/** The place of an operation in a transaction. */
export interface OracleTransactionPlace extends OraclePlace {
  readonly transactionHash: string;
  readonly transactionIndex: number;
}

/** The rows of AI oracles, appended to a buffer. */
export const oracleRows = {
  /** Terms and accrued revenue at the end of a block, or (opening) before it. */
  modelVersion(rows: RowBuffer, place: OraclePlace, row: Written<ModelVersionRow>): void {
    rows.append(MODEL_VERSION, modelVersionLine(idOf(place), place, row));
  },

  modelTotal(rows: RowBuffer, place: OraclePlace, row: ModelTotalRow): void {
    rows.append(MODEL_TOTAL, modelTotalLine(idOf(place), place, row));
  },

  /** @param row with the terms in force after the change */
  modelChange(rows: RowBuffer, place: OracleTransactionPlace, row: Written<ModelChangeRow>): void {
    rows.append(MODEL_CHANGE, modelChangeLine(idOf(place), place, row));
  },

  payout(rows: RowBuffer, place: OracleTransactionPlace, row: Written<ModelPayoutRow>): void {
    rows.append(MODEL_PAYOUT, modelPayoutLine(idOf(place), place, row));
  },

  request(rows: RowBuffer, place: OracleTransactionPlace, row: Written<OracleRequestRow>): void {
    rows.append(ORACLE_REQUEST, oracleRequestLine(idOf(place), place, row));
  },

  result(rows: RowBuffer, place: OracleTransactionPlace, row: Written<OracleResultRow>): void {
    rows.append(ORACLE_RESULT, oracleResultLine(idOf(place), place, row));
  },
};

function idOf({ contractNumber, blockNumber, position }: OraclePlace): string {
  return operationId(contractNumber, blockNumber, position);
}
