/** Groups of contracts of a chain that processes of their own index. */
export class ChainGroups1765131000000 {
  name = 'ChainGroups1765131000000';

  async up(db) {
    await db.query(`CREATE TABLE chain_group (
      key bigint PRIMARY KEY,
      chain_id bigint NOT NULL,
      name text NOT NULL,
      contracts bytea[] NOT NULL
    )`);
    await db.query('CREATE UNIQUE INDEX chain_group_name ON chain_group (chain_id, name)');
  }

  async down(db) {
    await db.query('DROP TABLE chain_group');
  }
}
