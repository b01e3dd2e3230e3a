import { type CollectionState, EMPTY_COLLECTION } from '../../../ledger/collection.js';
import { lastOperationId } from '../../ids.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** A collection at the end of a block. */
export interface CollectionAsOf {
  readonly collectionNumber: number;
  readonly block: number;
}

interface Row {
  readonly ordinal: number;
  readonly minted: string;
  readonly burned: string;
  readonly paid_wei: string;
  readonly revenue_wei: string;
  readonly beside_revenue_wei: string;
}

/** The totals of collections, each at the end of its block, in the order of the questions. */
export async function readCollectionStates(
  db: Queryable,
  collections: readonly CollectionAsOf[],
): Promise<CollectionState[]> {
  const rows = await readRows<Row>(
    db,
    'collection_states',
    `SELECT k.ordinal, v.minted, v.burned, v.paid_wei, v.revenue_wei, v.beside_revenue_wei
     FROM unnest($1::integer[], $2::text[])
       WITH ORDINALITY AS k(collection_number, high, ordinal)
     CROSS JOIN LATERAL (
       SELECT * FROM collection_version
       WHERE collection_number = k.collection_number AND id <= k.high
       ORDER BY id DESC LIMIT 1
     ) v`,
    [
      collections.map(({ collectionNumber }) => collectionNumber),
      collections.map(({ collectionNumber, block }) => lastOperationId(collectionNumber, block)),
    ],
  );
  const states: CollectionState[] = collections.map(() => EMPTY_COLLECTION);
  for (const row of rows) {
    states[Number(row.ordinal) - 1] = {
      minted: BigInt(row.minted),
      burned: BigInt(row.burned),
      paidWei: BigInt(row.paid_wei),
      revenueWei: BigInt(row.revenue_wei),
      besideRevenueWei: BigInt(row.beside_revenue_wei),
    };
  }
  return states;
}
