/** The journal of a transaction is found as its other rows are. */
export class JournalByTransaction1765082000000 {
  name = 'JournalByTransaction1765082000000';

  async up(db) {
    await db.query(`INSERT INTO deferred_index (name, columns) VALUES (
      'journal_entry_by_transaction', 'journal_entry (substring(transaction_hash FROM 1 FOR 6))')`);
  }

  async down(db) {
    await db.query('DROP INDEX IF EXISTS journal_entry_by_transaction');
    await db.query(`DELETE FROM deferred_index WHERE name = 'journal_entry_by_transaction'`);
  }
}
