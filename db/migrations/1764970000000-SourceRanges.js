/** How final blocks were found, and what proves that none is missing. */
export class SourceRanges1764970000000 {
  name = 'SourceRanges1764970000000';

  async up(db) {
    await db.query(`CREATE TABLE source_range (
      chain_id bigint NOT NULL,
      from_block bigint NOT NULL,
      to_block bigint NOT NULL,
      finder text NOT NULL,
      proof text NOT NULL,
      PRIMARY KEY (chain_id, from_block)
    )`);
  }

  async down(db) {
    await db.query('DROP TABLE source_range');
  }
}
