/**
 * The index of holders by balance waits for the end of the backfill: with it, each change of a balance writes a key
 * into every index of the table. Where holders are indexed already, it stays.
 */
export class HolderIndexes1765120000000 {
  name = 'HolderIndexes1765120000000';

  async up(db) {
    await db.query(`INSERT INTO deferred_index (name, columns) VALUES (
      'holder_by_balance', 'holder (token_number, balance DESC, account)')`);
    const holders = await db.query('SELECT 1 FROM holder LIMIT 1');
    if (holders.length === 0) await db.query('DROP INDEX holder_by_balance');
  }

  async down(db) {
    await db.query(`DELETE FROM deferred_index WHERE name = 'holder_by_balance'`);
    await db.query(`CREATE INDEX IF NOT EXISTS holder_by_balance
      ON holder (token_number, balance DESC, account)`);
  }
}
