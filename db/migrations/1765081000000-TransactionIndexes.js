/** Every table whose rows a transaction made, but for those that only go with a row of these. */
const TABLES = [
  'aigc_data',
  'aigc_request',
  'aigc_transfer',
  'claim',
  'mint_payment',
  'model_change',
  'model_payout',
  'oracle_request',
  'oracle_result',
  'pool_share',
  'receipt',
  'redemption',
  'sale_entry',
  'snapshot',
  'token_terms',
  'transfer',
];

/**
 * Rows are found by the first six bytes of their transaction's hash, which keep the indexes small. Hashes are
 * random keys, so the indexes wait for the end of the backfill.
 */
export class TransactionIndexes1765081000000 {
  name = 'TransactionIndexes1765081000000';

  async up(db) {
    for (const table of TABLES) {
      await db.query('INSERT INTO deferred_index (name, columns) VALUES ($1, $2)', [
        `${table}_by_transaction`,
        `${table} (substring(transaction_hash FROM 1 FOR 6))`,
      ]);
    }
  }

  async down(db) {
    for (const table of TABLES) {
      await db.query(`DROP INDEX IF EXISTS ${table}_by_transaction`);
      await db.query('DELETE FROM deferred_index WHERE name = $1', [`${table}_by_transaction`]);
    }
  }
}
