/**
 * The books: append-only rows keyed by block, and the small tables of the store.
 *
 * Row ids sort in the order of the chain (see src/store/ids.ts), so that one primary key
 * serves paging, "as of block n" and rollback. Text keys are compared byte by byte.
 */

const ID = 'text COLLATE "C" PRIMARY KEY';
const WEI = 'numeric(78,0) NOT NULL';
const IN_TRANSACTION = `
  transaction_hash bytea NOT NULL,
  transaction_index integer NOT NULL,
  position integer NOT NULL`;
const IN_BLOCK = `
  id ${ID},
  token_number integer NOT NULL,
  block_number integer NOT NULL,
  "timestamp" timestamptz NOT NULL`;

export class Ledger1764000000000 {
  name = 'Ledger1764000000000';

  async up(db) {
    await db.query(`CREATE TABLE token (
      id ${ID},
      number integer NOT NULL UNIQUE,
      chain_id integer NOT NULL,
      address bytea NOT NULL,
      name text,
      symbol text,
      decimals integer,
      policy text NOT NULL,
      percent_claimable integer NOT NULL,
      "window" integer,
      "interval" numeric(78,0) NOT NULL,
      interval_unit text NOT NULL,
      start_block integer NOT NULL,
      initial_last_snapshot numeric(78,0),
      UNIQUE (chain_id, address)
    )`);

    await db.query(`CREATE TABLE block (
      id ${ID},
      chain_id integer NOT NULL,
      number integer NOT NULL,
      hash bytea NOT NULL,
      "timestamp" timestamptz NOT NULL
    )`);
    await db.query(`CREATE INDEX block_by_time ON block (chain_id, "timestamp", number)`);

    await db.query(`CREATE TABLE pool_version (${IN_BLOCK},
      balance_wei ${WEI},
      supply ${WEI},
      new_revenue_wei ${WEI},
      claim_pool_wei ${WEI},
      redeem_pool_wei ${WEI},
      redeemed_from_new_wei ${WEI},
      last_snapshot_id integer NOT NULL,
      received_wei ${WEI},
      claimed_wei ${WEI},
      redeemed_wei ${WEI}
    )`);

    await db.query(`CREATE TABLE snapshot (${IN_BLOCK},${IN_TRANSACTION},
      snapshot_id integer NOT NULL,
      new_revenue_wei ${WEI},
      claimable_wei ${WEI},
      fresh_wei ${WEI},
      rolled_over_wei ${WEI},
      redeemable_added_wei ${WEI},
      supply ${WEI},
      UNIQUE (token_number, snapshot_id)
    )`);

    await db.query(`CREATE TABLE receipt (${IN_BLOCK},
      transaction_hash bytea,
      transaction_index integer,
      position integer NOT NULL,
      payer bytea,
      amount_wei ${WEI},
      kind text NOT NULL,
      selector bytea
    )`);
    await db.query(`CREATE INDEX receipt_by_payer ON receipt (payer, id)`);

    await db.query(`CREATE TABLE claim (${IN_BLOCK},${IN_TRANSACTION},
      holder bytea NOT NULL,
      snapshot_id integer NOT NULL,
      amount_wei ${WEI},
      snapshot_claimed_wei ${WEI}
    )`);
    await db.query(
      `CREATE UNIQUE INDEX claim_by_holder ON claim (holder, token_number, snapshot_id)`,
    );
    await db.query(`CREATE INDEX claim_by_snapshot ON claim (token_number, snapshot_id, id)`);

    await db.query(`CREATE TABLE redemption (${IN_BLOCK},${IN_TRANSACTION},
      holder bytea NOT NULL,
      burned ${WEI},
      amount_wei ${WEI},
      from_new_wei ${WEI},
      from_pool_wei ${WEI}
    )`);
    await db.query(`CREATE INDEX redemption_by_holder ON redemption (holder, token_number, id)`);

    await db.query(`CREATE TABLE transfer (${IN_BLOCK},
      transaction_hash bytea NOT NULL,
      transaction_index integer NOT NULL,
      log_index integer NOT NULL,
      position integer NOT NULL,
      "from" bytea NOT NULL,
      "to" bytea NOT NULL,
      amount ${WEI}
    )`);

    // One row per holder, block and snapshot interval in which a transfer touched the
    // holder; also what finds the transfers of an account, block by block.
    await db.query(`CREATE TABLE balance_checkpoint (
      token_number integer NOT NULL,
      account bytea NOT NULL,
      block_number integer NOT NULL,
      "interval" integer NOT NULL,
      balance ${WEI},
      PRIMARY KEY (account, token_number, block_number, "interval")
    )`);
    // Rows come in the order of blocks: a block range index costs nothing and serves rollback.
    await db.query(
      `CREATE INDEX balance_checkpoint_by_block ON balance_checkpoint USING brin (block_number)`,
    );

    // Cache of the newest state per holder, for ordering; rebuilt from the rows above.
    await db.query(`CREATE TABLE holder (
      token_number integer NOT NULL,
      account bytea NOT NULL,
      balance ${WEI},
      claimed_wei ${WEI},
      redeemed_wei ${WEI},
      PRIMARY KEY (token_number, account)
    ) WITH (fillfactor = 80)`);
    await db.query(
      `CREATE INDEX holder_by_balance ON holder (token_number, balance DESC, account)`,
    );
    await db.query(
      `CREATE INDEX holder_by_claimed ON holder (token_number, claimed_wei DESC, account) WHERE claimed_wei > 0`,
    );
    await db.query(
      `CREATE INDEX holder_by_redeemed ON holder (token_number, redeemed_wei DESC, account) WHERE redeemed_wei > 0`,
    );
    await db.query(`CREATE INDEX holder_by_account ON holder (account)`);

    // How far a chain is indexed; in the same transaction as the rows.
    await db.query(`CREATE TABLE chain_cursor (
      chain_id integer PRIMARY KEY,
      height integer NOT NULL,
      hash bytea NOT NULL,
      "timestamp" timestamptz,
      finalized_height integer NOT NULL,
      finalized_hash bytea NOT NULL
    )`);

    // Indexed blocks above the finalised one: what a reorg may take back.
    await db.query(`CREATE TABLE hot_block (
      chain_id integer NOT NULL,
      height integer NOT NULL,
      hash bytea NOT NULL,
      "timestamp" timestamptz,
      PRIMARY KEY (chain_id, height)
    )`);
  }

  async down(db) {
    for (const table of [
      'hot_block',
      'chain_cursor',
      'holder',
      'balance_checkpoint',
      'transfer',
      'redemption',
      'claim',
      'receipt',
      'snapshot',
      'pool_version',
      'block',
      'token',
    ]) {
      await db.query(`DROP TABLE ${table}`);
    }
  }
}
