import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** Whether a token has more than `most` holders, without counting all of them. */
export async function hasMoreHolders(
  db: Queryable,
  tokenNumber: number,
  most: number,
): Promise<boolean> {
  const [row] = await readRows<{ readonly count: string }>(
    db,
    'holder_count',
    `SELECT count(*) AS count FROM (
       SELECT 1 FROM holder WHERE token_number = $1 LIMIT $2
     ) h`,
    [tokenNumber, most + 1],
  );
  return Number(row?.count ?? 0) > most;
}
