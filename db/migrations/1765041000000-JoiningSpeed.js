/** From which block on, and since when, joining books are indexed: their speed follows from it. */
export class JoiningSpeed1765041000000 {
  name = 'JoiningSpeed1765041000000';

  async up(db) {
    await db.query(
      'ALTER TABLE manifest ADD COLUMN resumed_at timestamptz, ADD COLUMN resumed_block bigint',
    );
  }

  async down(db) {
    await db.query('ALTER TABLE manifest DROP COLUMN resumed_block, DROP COLUMN resumed_at');
  }
}
