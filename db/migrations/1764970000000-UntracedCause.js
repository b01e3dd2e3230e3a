/**
 * What brought money that no call frame shows: `withdrawal`, `tips`, `genesis`, `before-contract`,
 * `selfdestruct` or `unknown`. Of rows from before it is unknown; other receipts have none.
 */
import { letReadersIn } from '../letReadersIn.js';

export class UntracedCause1764970000000 {
  name = 'UntracedCause1764970000000';

  async up(db) {
    await db.query('ALTER TABLE receipt ADD COLUMN IF NOT EXISTS cause text');
    await letReadersIn(db, 'receipt');
    await db.query(
      `UPDATE receipt SET cause = 'unknown' WHERE kind = 'untraced' AND cause IS NULL`,
    );
  }

  async down(db) {
    await db.query('ALTER TABLE receipt DROP COLUMN cause');
  }
}
