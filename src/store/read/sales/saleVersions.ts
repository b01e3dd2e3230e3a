import { NEW_SALE, type SaleState } from '../../../ledger/sales/sale.js';
import {
  decodeSaleVersion,
  SALE_VERSION,
  type SaleVersionColumns,
} from '../../../model/tables/saleVersion.js';
import { lastOperationId } from '../../ids.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { rowColumns } from '../query/tableRow.js';

/** A sale at the end of a block. */
export interface SaleAsOf {
  readonly saleNumber: number;
  readonly block: number;
}

/** The state of a sale at the end of a block. */
export interface SaleVersion {
  readonly state: SaleState;
  /** Accounts that had an entry by then. */
  readonly participants: number;
}

/** A sale before its first entry. */
export const EMPTY_SALE_VERSION: SaleVersion = { state: NEW_SALE, participants: 0 };

interface Row extends SaleVersionColumns {
  readonly ordinal: number;
}

/** The newest version of each sale that is not after the block; in the order of `sales`. */
export async function readSaleVersions(
  db: Queryable,
  sales: readonly SaleAsOf[],
): Promise<SaleVersion[]> {
  const rows = await readRows<Row>(
    db,
    'sale_versions',
    `SELECT k.ordinal, v.*
     FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY AS k(number, high, ordinal)
     CROSS JOIN LATERAL (
       SELECT ${rowColumns(SALE_VERSION, 's').join(', ')}
       FROM sale_version s WHERE sale_number = k.number AND id <= k.high ORDER BY id DESC LIMIT 1
     ) v`,
    [
      sales.map(({ saleNumber }) => saleNumber),
      sales.map(({ saleNumber, block }) => lastOperationId(saleNumber, block)),
    ],
  );
  const versions: SaleVersion[] = sales.map(() => EMPTY_SALE_VERSION);
  for (const row of rows) versions[Number(row.ordinal) - 1] = decode(row);
  return versions;
}

function decode(row: Row): SaleVersion {
  const { participants, lastRaiseAmount, lastTokenAmount, ...state } = decodeSaleVersion(row);
  const lastTrade =
    lastRaiseAmount === null || lastTokenAmount === null
      ? null
      : { raiseAmount: lastRaiseAmount, tokenAmount: lastTokenAmount };
  return { participants, state: { ...state, lastTrade } };
}
