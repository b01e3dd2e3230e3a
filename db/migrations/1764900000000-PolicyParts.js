/** Policies composed of parts, and intervals that are not known. */
export class PolicyParts1764900000000 {
  name = 'PolicyParts1764900000000';

  async up(db) {
    await db.query('ALTER TABLE token ADD COLUMN policy_parts jsonb');
    await db.query('ALTER TABLE token ALTER COLUMN "interval" DROP NOT NULL');
    await db.query('ALTER TABLE token ALTER COLUMN interval_unit DROP NOT NULL');
    // 1000 blocks is an example in the text of ERC-7641; no contract said it.
    await db.query(`UPDATE token SET "interval" = NULL, interval_unit = NULL
      WHERE policy = 'reference'`);
  }

  async down(db) {
    await db.query(`UPDATE token SET "interval" = COALESCE("interval", 1000),
      interval_unit = COALESCE(interval_unit, 'blocks')`);
    await db.query('ALTER TABLE token ALTER COLUMN interval_unit SET NOT NULL');
    await db.query('ALTER TABLE token ALTER COLUMN "interval" SET NOT NULL');
    await db.query('ALTER TABLE token DROP COLUMN policy_parts');
  }
}
