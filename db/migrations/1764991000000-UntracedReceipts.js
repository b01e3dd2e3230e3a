/** Every request asks which money without a frame is not final yet: such receipts are few. */
export class UntracedReceipts1764991000000 {
  name = 'UntracedReceipts1764991000000';

  async up(db) {
    await db.query(
      `CREATE INDEX receipt_untraced ON receipt (block_number) WHERE kind = 'untraced'`,
    );
  }

  async down(db) {
    await db.query('DROP INDEX receipt_untraced');
  }
}
