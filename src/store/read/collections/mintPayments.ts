import {
  decodeMintPayment,
  MINT_PAYMENT,
  type MintPaymentColumns,
  type MintPaymentRow,
} from '../../../model/tables/mintPayment.js';
import {
  decodeMintRevenue,
  MINT_REVENUE,
  type MintRevenueColumns,
  type MintRevenueRow,
} from '../../../model/tables/mintRevenue.js';
import { numberOfId } from '../../ids.js';
import { type Hex, hexOf } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { rowColumns } from '../query/tableRow.js';

/** The place of a call that minted. */
export interface MintPlace {
  readonly chainId: number;
  readonly block: number;
  readonly timestamp: Date;
  readonly transactionIndex: number;
}

/** Money of a mint that reached a revenue token. */
export interface MintRevenueRecord extends Omit<MintRevenueRow, 'paymentId' | 'mintCalls'> {
  /** The call that brought it. */
  readonly payment: MintPlace;
}

/** A call that minted tokens, and what was paid with it. */
export interface MintPaymentRecord extends MintPlace, MintPaymentRow {
  readonly transactionHash: Hex;
  readonly revenue: readonly MintRevenueRecord[];
}

interface Row extends MintPaymentColumns {
  readonly id: string;
  readonly chain_id: number;
  readonly transaction_index: number;
  readonly block_number: number;
  readonly timestamp: Date;
  readonly transaction_hash: Buffer;
}

/** Payments by their row ids, with the revenue that belongs to each alone. */
export async function readMintPayments(
  db: Queryable,
  ids: readonly string[],
): Promise<(MintPaymentRecord | null)[]> {
  const numbers = [...new Set(ids.map(numberOfId))];
  const [payments, revenue] = await Promise.all([
    readRows<Row>(
      db,
      'mint_payments',
      `SELECT p.id, k.chain_id, p.transaction_index, p.block_number, p."timestamp",
         p.transaction_hash, ${rowColumns(MINT_PAYMENT, 'p').join(', ')}
       FROM mint_payment p JOIN contract k ON k.number = p.collection_number
       WHERE p.collection_number = ANY($1) AND p.id = ANY($2)`,
      [numbers, ids],
    ),
    readRows<MintRevenueColumns>(
      db,
      'mint_revenue_of_payments',
      `SELECT ${rowColumns(MINT_REVENUE, 'm').join(', ')}
       FROM mint_revenue m WHERE collection_number = ANY($1) AND payment_id = ANY($2)
       ORDER BY collection_number, id`,
      [numbers, ids],
    ),
  ]);
  const byId = new Map(payments.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = byId.get(id);
    return row === undefined ? null : decode(row, revenue);
  });
}

function decode(row: Row, revenue: readonly MintRevenueColumns[]): MintPaymentRecord {
  const place: MintPlace = {
    chainId: row.chain_id,
    block: row.block_number,
    timestamp: row.timestamp,
    transactionIndex: row.transaction_index,
  };
  return {
    ...place,
    transactionHash: hexOf(row.transaction_hash),
    ...decodeMintPayment(row),
    revenue: revenue
      .filter(({ payment_id }) => payment_id === row.id)
      .map((part) => {
        const { token, payer, amountWei, isInside } = decodeMintRevenue(part);
        return { token, payer, amountWei, isInside, payment: place };
      }),
  };
}
