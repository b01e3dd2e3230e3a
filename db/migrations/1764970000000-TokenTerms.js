/**
 * The terms of tokens from block to block: percentage, window, interval, pause. The columns of `token`
 * keep those of the first block; each change is a row here.
 */
export class TokenTerms1764970000000 {
  name = 'TokenTerms1764970000000';

  async up(db) {
    await db.query('ALTER TABLE token ADD COLUMN is_paused boolean');
    await db.query(`CREATE TABLE token_terms (
      id text COLLATE "C" NOT NULL,
      token_number integer NOT NULL,
      block_number bigint NOT NULL,
      "timestamp" timestamptz NOT NULL,
      transaction_hash bytea,
      transaction_index integer,
      position integer NOT NULL,
      percent_claimable integer NOT NULL,
      "window" integer,
      "interval" numeric(78,0),
      interval_unit text,
      is_paused boolean,
      PRIMARY KEY (token_number, id)
    )`);
  }

  async down(db) {
    await db.query('DROP TABLE token_terms');
    await db.query('ALTER TABLE token DROP COLUMN is_paused');
  }
}
