/**
 * Whether the revenue of a collection is of a mint or a royalty. Rows from before stay as they
 * are: `null` says that nothing tells, and their journal keeps the account income/collection.
 */
export class CollectionPart1764450000000 {
  name = 'CollectionPart1764450000000';

  async up(db) {
    await db.query('ALTER TABLE receipt ADD COLUMN collection_part text');
  }

  async down(db) {
    await db.query('ALTER TABLE receipt DROP COLUMN collection_part');
  }
}
