/**
 * Lists by amount go by an index, so that a late page costs what the first one does. Only money
 * that moves has it: receipts, claims and redemptions are few beside transfers.
 */
const TABLES = ['receipt', 'claim', 'redemption'];

export class AmountOrder1764700000000 {
  name = 'AmountOrder1764700000000';

  async up(db) {
    for (const table of TABLES) {
      await db.query(`CREATE INDEX ${table}_by_amount ON ${table} (token_number, amount_wei, id)`);
    }
  }

  async down(db) {
    for (const table of TABLES) await db.query(`DROP INDEX ${table}_by_amount`);
  }
}
