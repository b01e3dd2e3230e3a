/**
 * Pools that hold revenue tokens for depositors: the shares of each depositor after every event, and
 * where the snapshots of the token stand among these events.
 */

const ID = 'text COLLATE "C" NOT NULL';
const SHARES = 'numeric(78,0) NOT NULL';

export class DepositPools1765060000000 {
  name = 'DepositPools1765060000000';

  async up(db) {
    await db.query(`CREATE TABLE deposit_pool (
      id text COLLATE "C" PRIMARY KEY,
      number integer NOT NULL UNIQUE,
      chain_id bigint NOT NULL,
      address bytea NOT NULL,
      kind text NOT NULL,
      label text,
      token bytea NOT NULL,
      holds bytea NOT NULL,
      start_block bigint NOT NULL,
      mapping text NOT NULL
    )`);
    await db.query(`CREATE TABLE pool_share (
      id ${ID},
      pool_number integer NOT NULL,
      block_number bigint NOT NULL,
      "timestamp" timestamptz NOT NULL,
      transaction_hash bytea NOT NULL,
      transaction_index integer NOT NULL,
      position integer NOT NULL,
      depositor bytea NOT NULL,
      shares ${SHARES},
      total_shares ${SHARES},
      PRIMARY KEY (pool_number, id)
    )`);
    await db.query(
      'CREATE INDEX pool_share_by_depositor ON pool_share (pool_number, depositor, id DESC)',
    );
    await db.query('CREATE INDEX pool_share_by_account ON pool_share (depositor, pool_number)');
    await db.query(
      'CREATE INDEX pool_share_by_shares ON pool_share (pool_number, shares, depositor, id)',
    );
    await db.query(`CREATE TABLE pool_snapshot (
      id ${ID},
      pool_number integer NOT NULL,
      block_number bigint NOT NULL,
      "timestamp" timestamptz NOT NULL,
      transaction_hash bytea NOT NULL,
      transaction_index integer NOT NULL,
      position integer NOT NULL,
      snapshot_id integer NOT NULL,
      total_shares ${SHARES},
      PRIMARY KEY (pool_number, id)
    )`);
    await db.query('CREATE INDEX pool_snapshot_by_id ON pool_snapshot (pool_number, snapshot_id)');
  }

  async down(db) {
    for (const table of ['pool_snapshot', 'pool_share', 'deposit_pool']) {
      await db.query(`DROP TABLE ${table}`);
    }
  }
}
