/** Whether the figures of a held contract were compared with it, to find the last right block. */
export class ComparedHolds1764981000000 {
  name = 'ComparedHolds1764981000000';

  async up(db) {
    await db.query(
      'ALTER TABLE contract_hold ADD COLUMN is_compared boolean NOT NULL DEFAULT true',
    );
    await db.query('ALTER TABLE contract_hold ALTER COLUMN is_compared DROP DEFAULT');
  }

  async down(db) {
    await db.query('ALTER TABLE contract_hold DROP COLUMN is_compared');
  }
}
