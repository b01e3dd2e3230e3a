/**
 * What the nodes showed of the block that ended the books of a contract: when they show something else
 * later, its blocks are read again.
 */
export class HoldFrames1765020000000 {
  name = 'HoldFrames1765020000000';

  async up(db) {
    await db.query('ALTER TABLE contract_hold ADD COLUMN frames_hash text');
  }

  async down(db) {
    await db.query('ALTER TABLE contract_hold DROP COLUMN frames_hash');
  }
}
