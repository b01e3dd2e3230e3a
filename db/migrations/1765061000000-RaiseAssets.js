/** What the ERC-20 that a sale raises calls itself, and its decimals. */
export class RaiseAssets1765061000000 {
  name = 'RaiseAssets1765061000000';

  async up(db) {
    await db.query(
      'ALTER TABLE sale ADD COLUMN raise_symbol text, ADD COLUMN raise_decimals integer',
    );
  }

  async down(db) {
    await db.query('ALTER TABLE sale DROP COLUMN raise_decimals, DROP COLUMN raise_symbol');
  }
}
