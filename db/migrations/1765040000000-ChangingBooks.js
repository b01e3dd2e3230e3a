/**
 * Books that follow the config: what the config was when they were booked, contracts that left it, and
 * numbers of books that nobody reads any more.
 */
export class ChangingBooks1765040000000 {
  name = 'ChangingBooks1765040000000';

  async up(db) {
    await db.query(`CREATE TABLE manifest (
      chain_id bigint PRIMARY KEY,
      config jsonb NOT NULL,
      booked_by jsonb NOT NULL,
      changed_at timestamptz NOT NULL DEFAULT now()
    )`);
    await db.query(`CREATE TABLE leaving_books (
      number integer PRIMARY KEY,
      chain_id bigint NOT NULL,
      first_block bigint NOT NULL,
      kind text NOT NULL
    )`);
    for (const table of ['token', 'contract']) {
      await db.query(`ALTER TABLE ${table} ADD COLUMN archived_block bigint`);
    }
  }

  /** A program without these columns would read books that are not complete, or left the config. */
  async down(db) {
    await db.query(`DO $$ BEGIN
      IF EXISTS (SELECT FROM leaving_books)
        OR EXISTS (SELECT FROM token WHERE archived_block IS NOT NULL OR chain_id < 0)
        OR EXISTS (SELECT FROM contract WHERE archived_block IS NOT NULL OR chain_id < 0)
      THEN RAISE EXCEPTION 'some books are archived, join or leave: index until none joins or leaves, and forget the archived ones';
      END IF;
    END $$`);
    for (const table of ['contract', 'token']) {
      await db.query(`ALTER TABLE ${table} DROP COLUMN archived_block`);
    }
    await db.query('DROP TABLE leaving_books');
    await db.query('DROP TABLE manifest');
  }
}
