import { ImoError } from '../../../errors.js';
import type { Queryable } from '../../../store/read/query/queryable.js';

/**
 * Reads through `db` until it has returned so many rows. Pages are small, so hardly more than the
 * limit is ever in memory.
 *
 * @throws ImoError `STATEMENT_TOO_LONG`, from the read that exceeds the limit on
 */
export function limitedRows(db: Queryable, rowsAtMost: number): Queryable {
  let count = 0;
  return {
    async query(statement) {
      const answer = await db.query(statement);
      count += answer.rows.length;
      if (count > rowsAtMost) throw tooLong(`needs more than ${rowsAtMost} rows`);
      return answer;
    },
  } as Queryable;
}

/** @param why what it needs that is too much */
export function tooLong(why: string): ImoError {
  return new ImoError(
    'STATEMENT_TOO_LONG',
    `the statement ${why}`,
    'Choose a shorter period or one token. The command `imo-ledger statement` has no such limit.',
  );
}
