/** Contracts beside the tokens that money comes from: oracles, collections, sales. */
export class Contracts1764100000000 {
  name = 'Contracts1764100000000';

  async up(db) {
    // Numbers are drawn from one sequence with those of the tokens: row ids begin with them.
    await db.query(`CREATE TABLE contract (
      id text COLLATE "C" PRIMARY KEY,
      number integer NOT NULL UNIQUE,
      chain_id integer NOT NULL,
      address bytea NOT NULL,
      kind text NOT NULL,
      label text,
      start_block integer NOT NULL,
      UNIQUE (chain_id, address)
    )`);
  }

  async down(db) {
    await db.query('DROP TABLE contract');
  }
}
