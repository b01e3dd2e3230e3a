import { type CollectionState, EMPTY_COLLECTION } from '../../../ledger/collection.js';
import {
  COLLECTION_VERSION,
  type CollectionVersionColumns,
  decodeCollectionVersion,
} from '../../../model/tables/collectionVersion.js';
import { lastOperationId } from '../../ids.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { rowColumns } from '../query/tableRow.js';

/** The state of a collection at the end of a block. */
export interface CollectionAsOf {
  readonly collectionNumber: number;
  readonly block: number;
}

interface Row extends CollectionVersionColumns {
  readonly ordinal: number;
}

/** The totals of collections, each at the end of its block, in the order of the questions. */
export async function readCollectionStates(
  db: Queryable,
  collections: readonly CollectionAsOf[],
): Promise<CollectionState[]> {
  const rows = await readRows<Row>(
    db,
    'collection_states',
    `SELECT k.ordinal, ${rowColumns(COLLECTION_VERSION, 'v').join(', ')}
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
  for (const row of rows) states[Number(row.ordinal) - 1] = decodeCollectionVersion(row);
  return states;
}
