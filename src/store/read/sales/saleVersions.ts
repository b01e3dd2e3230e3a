import { NEW_SALE, type SaleState } from '../../../ledger/sales/sale.js';
import { lastOperationId } from '../../ids.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** A sale at the end of a block. */
export interface SaleAsOf {
  readonly saleNumber: number;
  readonly block: number;
}

/** Where a sale stood at the end of a block. */
export interface SaleVersion {
  readonly state: SaleState;
  /** Accounts that had an entry by then. */
  readonly participants: number;
}

/** A sale before its first entry. */
export const EMPTY_SALE_VERSION: SaleVersion = { state: NEW_SALE, participants: 0 };

interface Row {
  readonly ordinal: number;
  readonly has_ended: boolean;
  readonly is_finalised: boolean;
  readonly participants: number;
  readonly raised: string;
  readonly refunded: string;
  readonly allocated: string;
  readonly claimed: string;
  readonly sold: string;
  readonly proceeds: string;
  readonly last_raise_amount: string | null;
  readonly last_token_amount: string | null;
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
       SELECT has_ended, is_finalised, participants, raised, refunded, allocated, claimed, sold,
         proceeds, last_raise_amount, last_token_amount
       FROM sale_version WHERE sale_number = k.number AND id <= k.high ORDER BY id DESC LIMIT 1
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
  const { last_raise_amount: raise, last_token_amount: tokens } = row;
  return {
    participants: row.participants,
    state: {
      hasEnded: row.has_ended,
      isFinalised: row.is_finalised,
      raised: BigInt(row.raised),
      refunded: BigInt(row.refunded),
      allocated: BigInt(row.allocated),
      claimed: BigInt(row.claimed),
      sold: BigInt(row.sold),
      proceeds: BigInt(row.proceeds),
      lastTrade:
        raise === null || tokens === null
          ? null
          : { raiseAmount: BigInt(raise), tokenAmount: BigInt(tokens) },
    },
  };
}
