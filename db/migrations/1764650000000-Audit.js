/** How far the books of each token were held against its contract, and what differed. */
export class Audit1764650000000 {
  name = 'Audit1764650000000';

  async up(db) {
    await db.query(`CREATE TABLE audit_progress (
      token_number integer PRIMARY KEY,
      block_number integer NOT NULL,
      block_hash bytea NOT NULL,
      audited_at timestamptz NOT NULL,
      figures bigint NOT NULL,
      last_account bytea
    )`);
    // Only those that stand: a figure that agrees again is removed. The numbers are the
    // contract's own and may be anything that fits a word.
    await db.query(`CREATE TABLE audit_mismatch (
      token_number integer NOT NULL,
      figure text NOT NULL,
      account bytea,
      first_block integer NOT NULL,
      block_number integer NOT NULL,
      ours numeric(78,0) NOT NULL,
      contract numeric(78,0),
      PRIMARY KEY (token_number, figure)
    )`);
  }

  async down(db) {
    await db.query('DROP TABLE audit_mismatch');
    await db.query('DROP TABLE audit_progress');
  }
}
