/** The fail-overs of the database: servers that did not follow one do not have its row. */
export class ServerTerms1765151000000 {
  name = 'ServerTerms1765151000000';

  async up(db) {
    await db.query(`CREATE TABLE server_term (
      number bigint PRIMARY KEY,
      timeline text NOT NULL,
      noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )`);
  }

  async down(db) {
    await db.query('DROP TABLE server_term');
  }
}
