/** Tokens whose partitions were detached: their books are read by nobody until they are attached. */
export class DetachedTokens1765111000000 {
  name = 'DetachedTokens1765111000000';

  async up(db) {
    await db.query(`CREATE TABLE detached_token (
      number integer PRIMARY KEY,
      last_number integer NOT NULL,
      chain_id bigint NOT NULL,
      address bytea NOT NULL,
      start_block bigint NOT NULL,
      archived_block bigint NOT NULL,
      detached_at timestamptz NOT NULL,
      registry jsonb NOT NULL,
      partitions jsonb NOT NULL
    )`);
  }

  async down(db) {
    await db.query('DROP TABLE detached_token');
  }
}
