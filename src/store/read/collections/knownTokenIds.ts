import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** A collection, up to a block. */
interface CollectionWindow {
  readonly collectionNumber: number;
  readonly block: number;
}

/** Those of the ids that tokens of the collections have, burned ones too, by index. */
export async function readKnownTokenIds(
  db: Queryable,
  collections: readonly CollectionWindow[],
  ids: readonly bigint[],
): Promise<ReadonlySet<bigint>> {
  const rows = await readRows<{ id: string }>(
    db,
    'known-token-ids',
    `SELECT i.id FROM unnest($3::numeric[]) i(id)
     WHERE EXISTS (SELECT FROM unnest($1::int[], $2::bigint[]) c(number, block)
       JOIN aigc_token t ON t.collection_number = c.number AND t.token_id = i.id
         AND t.block_number <= c.block)`,
    [
      collections.map(({ collectionNumber }) => collectionNumber),
      collections.map(({ block }) => block),
      ids.map(String),
    ],
  );
  return new Set(rows.map(({ id }) => BigInt(id)));
}
