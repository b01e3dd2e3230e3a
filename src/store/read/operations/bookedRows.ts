import { TABLES } from '../../../model/tables/index.js';
import type { SqlClient } from '../../database/sqlClient.js';

/** Counting ends here, by table and number: a plan needs no more than the size. */
const ROWS_COUNTED = 100_000;

const COUNTED = TABLES.filter(({ isByBlock, isHashed }) => isByBlock && isHashed);

const COUNT = COUNTED.map(
  ({ name, owner }) =>
    `(SELECT count(*) FROM (SELECT FROM ${name} WHERE ${owner} = $1 LIMIT $2) AS counted)`,
).join(' + ');

/** How many rows books have, their assets included; at least so many where a table has very many. */
export async function countBookedRows(db: SqlClient, numbers: readonly number[]): Promise<number> {
  const { rows: assets } = await db.query<{ number: number }>(
    'SELECT number FROM revenue_asset WHERE token_number = ANY($1::int[])',
    [numbers],
  );
  const all = [...numbers, ...assets.map(({ number }) => number)];
  let sum = 0;
  for (const number of all) {
    const text = `SELECT ${COUNT} AS rows`;
    const { rows } = await db.query<{ rows: string }>(text, [number, ROWS_COUNTED]);
    sum += Number(rows[0]?.rows ?? 0);
  }
  return sum;
}
