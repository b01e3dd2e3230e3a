import { type Address, addressFromBytes } from '../../../address.js';
import { numberOfId } from '../../ids.js';
import { type Hex, hexOf, optionalHex } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** Where a call that minted stands. */
export interface MintPlace {
  readonly chainId: number;
  readonly block: number;
  readonly timestamp: Date;
  readonly transactionIndex: number;
}

/** Money of a mint that reached a revenue token. */
export interface MintRevenueRecord {
  readonly token: Address;
  readonly payer: Address;
  readonly amountWei: bigint;
  /** Paid inside the call that minted, or beside it by the contract that made the call. */
  readonly isInside: boolean;
  /** The call that it came in with. */
  readonly payment: MintPlace;
}

/** A call that minted tokens, and what came in with it. */
export interface MintPaymentRecord extends MintPlace {
  readonly transactionHash: Hex;
  readonly payer: Address;
  readonly sender: Address;
  readonly paidWei: bigint;
  readonly mintCount: bigint;
  readonly selector: Hex | null;
  readonly revenue: readonly MintRevenueRecord[];
}

interface Row {
  readonly id: string;
  readonly chain_id: number;
  readonly transaction_index: number;
  readonly block_number: number;
  readonly timestamp: Date;
  readonly transaction_hash: Buffer;
  readonly payer: Buffer;
  readonly sender: Buffer;
  readonly paid_wei: string;
  readonly mint_count: string;
  readonly selector: Buffer | null;
}

interface RevenueRow {
  readonly payment_id: string;
  readonly token: Buffer;
  readonly payer: Buffer;
  readonly amount_wei: string;
  readonly is_inside: boolean;
}

/** Payments by their row ids, with the revenue that belongs to them alone. */
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
         p.transaction_hash, p.payer, p.sender, p.paid_wei, p.mint_count, p.selector
       FROM mint_payment p JOIN contract k ON k.number = p.collection_number
       WHERE p.collection_number = ANY($1) AND p.id = ANY($2)`,
      [numbers, ids],
    ),
    readRows<RevenueRow>(
      db,
      'mint_revenue_of_payments',
      `SELECT payment_id, token, payer, amount_wei, is_inside
       FROM mint_revenue WHERE collection_number = ANY($1) AND payment_id = ANY($2)
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

function decode(row: Row, revenue: readonly RevenueRow[]): MintPaymentRecord {
  const place: MintPlace = {
    chainId: row.chain_id,
    block: row.block_number,
    timestamp: row.timestamp,
    transactionIndex: row.transaction_index,
  };
  return {
    ...place,
    transactionHash: hexOf(row.transaction_hash),
    payer: addressFromBytes(row.payer),
    sender: addressFromBytes(row.sender),
    paidWei: BigInt(row.paid_wei),
    mintCount: BigInt(row.mint_count),
    selector: optionalHex(row.selector),
    revenue: revenue
      .filter(({ payment_id }) => payment_id === row.id)
      .map(({ token, payer, amount_wei, is_inside }) => ({
        token: addressFromBytes(token),
        payer: addressFromBytes(payer),
        amountWei: BigInt(amount_wei),
        isInside: is_inside,
        payment: place,
      })),
  };
}
