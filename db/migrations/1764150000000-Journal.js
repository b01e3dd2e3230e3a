/** Double entry: where each receipt came from, and the journal of every token. */
export class Journal1764150000000 {
  name = 'Journal1764150000000';

  async up(db) {
    await db.query(`ALTER TABLE receipt
      ADD COLUMN source text NOT NULL DEFAULT 'unknown',
      ADD COLUMN source_address bytea,
      ADD COLUMN model_id numeric(78,0),
      ADD COLUMN path bytea[] NOT NULL DEFAULT '{}'`);

    await db.query(`CREATE TABLE journal_entry (
      id text COLLATE "C" PRIMARY KEY,
      token_number integer NOT NULL,
      block_number integer NOT NULL,
      "timestamp" timestamptz NOT NULL,
      transaction_hash bytea,
      transaction_index integer,
      position integer NOT NULL,
      amount_wei numeric(78,0) NOT NULL,
      kind text NOT NULL,
      asset text NOT NULL,
      holder bytea
    )`);
    await db.query(`CREATE INDEX journal_entry_by_holder ON journal_entry (holder, id)
      WHERE holder IS NOT NULL`);

    await db.query(`CREATE TABLE posting (
      id text COLLATE "C" PRIMARY KEY,
      token_number integer NOT NULL,
      block_number integer NOT NULL,
      entry_id text COLLATE "C" NOT NULL,
      asset text NOT NULL,
      account text COLLATE "C" NOT NULL,
      amount_wei numeric(78,0) NOT NULL,
      balance_wei numeric(78,0) NOT NULL
    )`);
    // The newest posting of an account is its balance: one range of this index.
    await db.query(`CREATE INDEX posting_by_account ON posting (token_number, asset, account, id)`);
  }

  async down(db) {
    await db.query('DROP TABLE posting');
    await db.query('DROP TABLE journal_entry');
    await db.query(`ALTER TABLE receipt
      DROP COLUMN source, DROP COLUMN source_address, DROP COLUMN model_id, DROP COLUMN path`);
  }
}
