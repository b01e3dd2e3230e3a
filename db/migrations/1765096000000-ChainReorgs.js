/** The newest reorgs of each chain, as they were handled: for operators. They are not part of the books. */
export class ChainReorgs1765096000000 {
  name = 'ChainReorgs1765096000000';

  async up(db) {
    await db.query(`CREATE TABLE chain_reorg (
      chain_id bigint NOT NULL,
      number bigint NOT NULL,
      fork_height bigint NOT NULL,
      old_head bigint NOT NULL,
      old_head_hash bytea NOT NULL,
      old_hash bytea,
      new_hash bytea,
      rows_taken_back bigint NOT NULL,
      handled_at timestamptz NOT NULL,
      PRIMARY KEY (chain_id, number)
    )`);
  }

  async down(db) {
    await db.query('DROP TABLE chain_reorg');
  }
}
