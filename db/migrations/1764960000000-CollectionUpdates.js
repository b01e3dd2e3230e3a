/** Whether a collection logged an update is asked whenever collections are read. */
export class CollectionUpdates1764960000000 {
  name = 'CollectionUpdates1764960000000';

  async up(db) {
    await db.query(`CREATE INDEX aigc_data_updates ON aigc_data (collection_number)
      WHERE event = 'Update'`);
  }

  async down(db) {
    await db.query('DROP INDEX aigc_data_updates');
  }
}
