import type { AmountIndex } from '../operations/operation.js';
import type { Queryable } from './queryable.js';
import { readRows } from './statement.js';

/** Whether the index for a list by amount exists now. */
export async function isAmountIndexed(db: Queryable, index: AmountIndex): Promise<boolean> {
  if (index === null || index === 'kept') return index === 'kept';
  const rows = await readRows<{ readonly indisvalid: boolean }>(
    db,
    'amount_index',
    'SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)',
    [index.deferred],
  );
  return rows.some(({ indisvalid }) => indisvalid);
}
