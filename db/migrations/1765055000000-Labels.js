/** The names that the config gives addresses, by chain: answers and exports read them from here. */
export class Labels1765055000000 {
  name = 'Labels1765055000000';

  async up(db) {
    await db.query(`CREATE TABLE label (
      chain_id bigint NOT NULL,
      address bytea NOT NULL,
      name text NOT NULL,
      PRIMARY KEY (chain_id, address)
    )`);
  }

  async down(db) {
    await db.query('DROP TABLE label');
  }
}
