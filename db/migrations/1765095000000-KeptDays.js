/**
 * What tokens with many transfers did on each UTC day that is over and final: for series over years. The indexer
 * fills them in the background (src/store/write/days), also for what was indexed before.
 */
export class KeptDays1765095000000 {
  name = 'KeptDays1765095000000';

  async up(db) {
    await db.query(`CREATE TABLE transfer_day (
      token_number integer NOT NULL,
      last_block bigint NOT NULL,
      kind text COLLATE "C" NOT NULL,
      first_block bigint NOT NULL,
      block_number bigint NOT NULL,
      day timestamptz NOT NULL,
      count bigint NOT NULL,
      sum numeric NOT NULL,
      min numeric(78,0) NOT NULL,
      max numeric(78,0) NOT NULL,
      PRIMARY KEY (token_number, last_block, kind)
    )`);
    await db.query(`CREATE TABLE rank_grid (
      token_number integer PRIMARY KEY,
      grid bigint GENERATED ALWAYS AS IDENTITY,
      bounds bytea NOT NULL,
      changes bigint NOT NULL,
      changes_at_most bigint NOT NULL
    )`);
    await db.query(`CREATE TABLE rank_day (
      token_number integer NOT NULL,
      last_block bigint NOT NULL,
      block_number bigint NOT NULL,
      above integer[] NOT NULL,
      PRIMARY KEY (token_number, last_block)
    )`);
    await db.query(`CREATE TABLE rank_change (
      token_number integer NOT NULL,
      page integer NOT NULL,
      last_block bigint NOT NULL,
      block_number bigint NOT NULL,
      changes bytea NOT NULL,
      PRIMARY KEY (token_number, page, last_block)
    )`);
    // A rollback looks for days above its block, and finds none unless it is deeper than finality.
    for (const table of ['transfer_day', 'rank_day']) {
      await db.query(`CREATE INDEX ${table}_by_block ON ${table} (token_number, block_number)`);
    }
  }

  async down(db) {
    for (const table of ['rank_change', 'rank_day', 'rank_grid', 'transfer_day']) {
      await db.query(`DROP TABLE ${table}`);
    }
  }
}
