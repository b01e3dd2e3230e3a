/**
 * What proved the amount that a snapshot assigned, and in which block. A snapshot without a row is
 * unproven so far. Claims of older snapshots were compared with their shares when they were booked.
 */
export class SnapshotProofs1764860000000 {
  name = 'SnapshotProofs1764860000000';

  async up(db) {
    await db.query(`CREATE TABLE snapshot_proof (
      token_number integer NOT NULL,
      snapshot_id integer NOT NULL,
      block_number bigint NOT NULL,
      proof text NOT NULL,
      PRIMARY KEY (token_number, snapshot_id, block_number)
    )`);
    await db.query(`INSERT INTO snapshot_proof (token_number, snapshot_id, block_number, proof)
      SELECT token_number, snapshot_id, min(block_number), 'PAYMENT' FROM claim
      WHERE amount_wei > 0 GROUP BY token_number, snapshot_id`);
  }

  async down(db) {
    await db.query('DROP TABLE snapshot_proof');
  }
}
