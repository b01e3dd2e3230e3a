/**
 * What the nodes answered about the contract of a hold before its books ended: when they answer otherwise
 * later, its blocks are read again.
 */
export class HoldAnswers1765026000000 {
  name = 'HoldAnswers1765026000000';

  async up(db) {
    await db.query("ALTER TABLE contract_hold ADD COLUMN answers jsonb NOT NULL DEFAULT '[]'");
  }

  async down(db) {
    await db.query('ALTER TABLE contract_hold DROP COLUMN answers');
  }
}
