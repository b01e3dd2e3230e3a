/** What proves the books: a root for every snapshot, and a hash chained over all operations. */
export class Proofs1764600000000 {
  name = 'Proofs1764600000000';

  async up(db) {
    // The id is that of the row in snapshot: a reorg takes both back.
    await db.query(`CREATE TABLE snapshot_commitment (
      id text COLLATE "C" PRIMARY KEY,
      token_number integer NOT NULL,
      block_number integer NOT NULL,
      snapshot_id integer NOT NULL,
      leaf_count integer NOT NULL,
      root bytea,
      UNIQUE (token_number, snapshot_id)
    )`);

    await db.query(`CREATE TABLE ledger_hash (
      id text COLLATE "C" PRIMARY KEY,
      chain_id integer NOT NULL,
      block_number integer NOT NULL,
      hash bytea NOT NULL,
      UNIQUE (chain_id, block_number)
    )`);

    // How far the operations of a chain are hashed, and the hash there.
    await db.query(`CREATE TABLE hash_cursor (
      chain_id integer PRIMARY KEY,
      height integer NOT NULL,
      hash bytea NOT NULL
    )`);
  }

  async down(db) {
    for (const table of ['hash_cursor', 'ledger_hash', 'snapshot_commitment']) {
      await db.query(`DROP TABLE ${table}`);
    }
  }
}
