import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** An oracle, up to a block. */
interface OracleWindow {
  readonly number: number;
  readonly block: number;
}

/** Those of the ids that requests of the oracles have, by index. */
export async function readKnownRequests(
  db: Queryable,
  oracles: readonly OracleWindow[],
  ids: readonly bigint[],
): Promise<ReadonlySet<bigint>> {
  const rows = await readRows<{ id: string }>(
    db,
    'known-requests',
    `SELECT i.id FROM unnest($3::numeric[]) i(id)
     WHERE EXISTS (SELECT FROM unnest($1::int[], $2::bigint[]) o(number, block)
       JOIN oracle_request r ON r.contract_number = o.number AND r.request_id = i.id
         AND r.block_number <= o.block)`,
    [oracles.map(({ number }) => number), oracles.map(({ block }) => block), ids.map(String)],
  );
  return new Set(rows.map(({ id }) => BigInt(id)));
}
