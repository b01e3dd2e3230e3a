import { lastOperationId } from '../ids.js';
import { readOfTokens } from '../read/query/byToken.js';
import type { Queryable } from '../read/query/queryable.js';
import { OPERATION_TABLES } from './operationTables.js';

/**
 * The blocks above `after`, up to `upTo`, in which the numbered books have rows.
 *
 * @param numbers of the books
 */
export async function readOwnedBlocks(
  db: Queryable,
  numbers: readonly number[],
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<ReadonlySet<number>> {
  const lastUpTo = (block: number) => ({
    type: 'text',
    of: (number: number) => lastOperationId(number, block),
  });
  const rows = await readOfTokens<{ number: number }, number>(db, {
    name: 'owned_blocks',
    keys: numbers,
    tokenOf: (number) => number,
    columns: { low: lastUpTo(after), high: lastUpTo(upTo) },
    branch: (token, keys) =>
      `SELECT DISTINCT block_number AS number FROM (${OPERATION_TABLES.map(
        ({ name, owner }) => `SELECT r.block_number FROM ${keys}
        JOIN ${name} r ON r.${owner} = ${token} AND r.id > k.low AND r.id <= k.high`,
      ).join(' UNION ALL ')}) AS used`,
  });
  return new Set(rows.map(({ number }) => number));
}
