/** How the large tables are divided by `imo-ledger migrate --partitions`, and how far that is. */
export class PartitionLayout1765110000000 {
  name = 'PartitionLayout1765110000000';

  async up(db) {
    await db.query(`CREATE TABLE partition_layout (
      table_name text COLLATE "C" PRIMARY KEY,
      numbers_each integer NOT NULL,
      source_file bigint,
      first_xid bigint,
      next_page bigint NOT NULL DEFAULT 0,
      copied_rows bigint NOT NULL DEFAULT 0
    )`);
  }

  async down(db) {
    await db.query('DROP TABLE partition_layout');
  }
}
