/** Prices of assets: the feeds that say them, and every round of them. */

const ID = 'text COLLATE "C" PRIMARY KEY';

export class Prices1764750000000 {
  name = 'Prices1764750000000';

  async up(db) {
    await db.query(`CREATE TABLE price_feed (
      id ${ID},
      number integer NOT NULL UNIQUE,
      chain_id integer NOT NULL,
      asset text NOT NULL,
      asset_decimals integer NOT NULL,
      currency text NOT NULL,
      configured bytea NOT NULL,
      aggregator bytea NOT NULL,
      decimals integer NOT NULL,
      description text,
      start_block integer NOT NULL,
      stale_after_seconds integer
    )`);
    // The feed that is in force at a block is one look.
    await db.query(
      `CREATE UNIQUE INDEX price_feed_in_force
        ON price_feed (chain_id, asset, currency, start_block)`,
    );
    // An int256 and times of any size: what a contract says is kept as it is.
    await db.query(`CREATE TABLE price_round (
      id ${ID},
      feed_number integer NOT NULL,
      block_number integer NOT NULL,
      "timestamp" timestamptz NOT NULL,
      transaction_hash bytea,
      transaction_index integer,
      log_index integer,
      position integer NOT NULL,
      round_id numeric(78,0) NOT NULL,
      answer numeric(78,0) NOT NULL,
      updated_at numeric(78,0) NOT NULL
    )`);
  }

  async down(db) {
    await db.query('DROP TABLE price_round');
    await db.query('DROP TABLE price_feed');
  }
}
