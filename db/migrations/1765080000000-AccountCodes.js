/** Whether accounts of a chain have code, as it was read from the chain, and how far that is for each token. */
export class AccountCodes1765080000000 {
  name = 'AccountCodes1765080000000';

  async up(db) {
    await db.query(`CREATE TABLE account_code (
      chain_id bigint NOT NULL,
      address bytea NOT NULL,
      code text,
      block_number bigint,
      PRIMARY KEY (chain_id, address)
    )`);
    // In the order of reading: what a reorg takes back, and what is read again first.
    await db.query(
      'CREATE INDEX account_code_by_block ON account_code (chain_id, block_number NULLS FIRST)',
    );
    await db.query(
      `CREATE INDEX account_code_contracts ON account_code (chain_id, address) WHERE code = 'contract'`,
    );
    await db.query(`CREATE TABLE account_reading (
      token_number integer PRIMARY KEY,
      block_number bigint NOT NULL,
      last_account bytea,
      is_complete boolean NOT NULL
    )`);
    await db.query(`INSERT INTO deferred_index (name, columns) VALUES (
      'balance_checkpoint_zero',
      'balance_checkpoint (token_number, account, block_number) WHERE balance = 0')`);
  }

  async down(db) {
    await db.query('DROP INDEX IF EXISTS balance_checkpoint_zero');
    await db.query(`DELETE FROM deferred_index WHERE name = 'balance_checkpoint_zero'`);
    await db.query('DROP TABLE account_reading');
    await db.query('DROP TABLE account_code');
  }
}
