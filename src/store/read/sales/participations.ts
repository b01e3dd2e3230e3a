import { type Address, addressBytes, addressFromBytes } from '../../../address.js';
import type { Participation } from '../../../ledger/sales/sale.js';
import { lastOperationId } from '../../ids.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import type { SaleAsOf } from './saleVersions.js';

/** The state of an account in a sale at the end of a block. */
export interface ParticipationRecord {
  readonly saleNumber: number;
  readonly participant: Address;
  readonly participation: Participation;
}

/** The newest entry of an account in a sale, which has its totals. */
export interface ParticipationRow {
  readonly sale_number: number;
  readonly participant: Buffer;
  readonly deposited: string;
  readonly allocated: string;
  readonly claimed: string;
  readonly refunded: string;
  readonly sold: string;
  readonly proceeds: string;
  readonly cost: string;
}

export const PARTICIPATION_TOTALS = 'deposited, allocated, claimed, refunded, sold, proceeds, cost';

/** The newest state of the given accounts in one sale, without accounts that have no entry. */
export async function readParticipations(
  db: Queryable,
  { saleNumber, block }: SaleAsOf,
  accounts: readonly Address[],
): Promise<ParticipationRecord[]> {
  const rows = await readRows<ParticipationRow>(
    db,
    'participations',
    `SELECT newest.* FROM unnest($3::bytea[]) AS wanted (account)
     CROSS JOIN LATERAL (
       SELECT sale_number, participant, ${PARTICIPATION_TOTALS} FROM sale_entry
       WHERE sale_number = $1 AND participant = wanted.account AND id <= $2
       ORDER BY id DESC LIMIT 1
     ) AS newest`,
    [saleNumber, lastOperationId(saleNumber, block), accounts.map(addressBytes)],
  );
  return rows.map(decodeParticipation);
}

export function decodeParticipation(row: ParticipationRow): ParticipationRecord {
  return {
    saleNumber: row.sale_number,
    participant: addressFromBytes(row.participant),
    participation: {
      deposited: BigInt(row.deposited),
      allocated: BigInt(row.allocated),
      claimed: BigInt(row.claimed),
      refunded: BigInt(row.refunded),
      sold: BigInt(row.sold),
      proceeds: BigInt(row.proceeds),
      cost: BigInt(row.cost),
    },
  };
}
