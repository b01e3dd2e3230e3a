/** Contracts whose books ended, because they could not continue without a guess. */
export class Holds1764850000000 {
  name = 'Holds1764850000000';

  async up(db) {
    await db.query(`CREATE TABLE contract_hold (
      chain_id bigint NOT NULL,
      address bytea NOT NULL,
      kind text NOT NULL,
      last_block bigint NOT NULL,
      block_number bigint NOT NULL,
      is_confirmed boolean NOT NULL,
      code text NOT NULL,
      reason text NOT NULL,
      hint text NOT NULL,
      held_at timestamptz NOT NULL,
      PRIMARY KEY (chain_id, address)
    )`);
  }

  async down(db) {
    await db.query('DROP TABLE contract_hold');
  }
}
