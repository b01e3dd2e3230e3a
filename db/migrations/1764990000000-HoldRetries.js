/**
 * The program and the config with which a contract was held: when one of them changes, its blocks are
 * read again. Of holds from before neither is known, so that they are read again once.
 */
export class HoldRetries1764990000000 {
  name = 'HoldRetries1764990000000';

  async up(db) {
    await db.query(`ALTER TABLE contract_hold
      ADD COLUMN program_version text, ADD COLUMN config_hash text`);
  }

  async down(db) {
    await db.query(`DELETE FROM contract_hold WHERE kind = 'feed'`);
    await db.query(`ALTER TABLE contract_hold
      DROP COLUMN program_version, DROP COLUMN config_hash`);
  }
}
