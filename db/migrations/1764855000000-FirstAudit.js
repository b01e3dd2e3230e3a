/** Tokens that were not compared with their contracts since their backfill, and what it found. */
export class FirstAudit1764855000000 {
  name = 'FirstAudit1764855000000';

  async up(db) {
    // No row: the token was indexed before there was a first audit, or with `audit: false`.
    await db.query(`CREATE TABLE first_audit (
      token_number integer PRIMARY KEY,
      block_number bigint,
      audited_at timestamptz
    )`);
    // What differed at an earlier block stays until that block is audited again.
    await db.query(
      'ALTER TABLE audit_mismatch ADD COLUMN is_earlier boolean NOT NULL DEFAULT false',
    );
  }

  async down(db) {
    await db.query('DELETE FROM audit_mismatch WHERE is_earlier');
    await db.query('ALTER TABLE audit_mismatch DROP COLUMN is_earlier');
    await db.query('DROP TABLE first_audit');
  }
}
