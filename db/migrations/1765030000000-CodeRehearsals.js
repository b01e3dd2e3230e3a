/**
 * New code of a token, by the block that changed it, and why it was not rehearsed in full; null: it was. A
 * block may have several rows: the code was looked at again.
 */
export class CodeRehearsals1765030000000 {
  name = 'CodeRehearsals1765030000000';

  async up(db) {
    await db.query(`CREATE TABLE code_rehearsal (
      token_number integer NOT NULL,
      block_number bigint NOT NULL,
      reason text
    )`);
    await db.query(
      'CREATE INDEX code_rehearsal_block ON code_rehearsal (token_number, block_number)',
    );
  }

  async down(db) {
    await db.query('DROP TABLE code_rehearsal');
  }
}
