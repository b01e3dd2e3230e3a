/** Sales: their terms, what happened in them, and where each of them stood after a block. */

const ID = 'text COLLATE "C" PRIMARY KEY';
const AMOUNT = 'numeric(78,0) NOT NULL';

export class Sale1764300000000 {
  name = 'Sale1764300000000';

  async up(db) {
    await db.query(`CREATE TABLE sale (
      id ${ID},
      number integer NOT NULL UNIQUE,
      chain_id integer NOT NULL,
      address bytea NOT NULL,
      kind text NOT NULL,
      label text,
      token bytea NOT NULL,
      raise_asset bytea,
      target numeric(78,0),
      tokens_for_sale numeric(78,0),
      starts_at numeric(78,0),
      ends_at numeric(78,0),
      start_block integer NOT NULL,
      mapping text
    )`);

    // With the totals of the participant after it: a position as of a block is one row.
    await db.query(`CREATE TABLE sale_entry (
      id ${ID},
      sale_number integer NOT NULL,
      block_number integer NOT NULL,
      "timestamp" timestamptz NOT NULL,
      transaction_hash bytea NOT NULL,
      transaction_index integer NOT NULL,
      position integer NOT NULL,
      kind text NOT NULL,
      participant bytea,
      caller bytea,
      raise_amount ${AMOUNT},
      token_amount ${AMOUNT},
      deposited ${AMOUNT},
      allocated ${AMOUNT},
      claimed ${AMOUNT},
      refunded ${AMOUNT},
      sold ${AMOUNT},
      proceeds ${AMOUNT},
      cost ${AMOUNT}
    )`);
    await db.query(
      `CREATE INDEX sale_entry_by_participant ON sale_entry (sale_number, participant, id DESC)`,
    );
    await db.query(`CREATE INDEX sale_entry_by_account ON sale_entry (participant, sale_number)`);

    await db.query(`CREATE TABLE sale_version (
      id ${ID},
      sale_number integer NOT NULL,
      block_number integer NOT NULL,
      "timestamp" timestamptz NOT NULL,
      has_ended boolean NOT NULL,
      is_finalised boolean NOT NULL,
      participants integer NOT NULL,
      raised ${AMOUNT},
      refunded ${AMOUNT},
      allocated ${AMOUNT},
      claimed ${AMOUNT},
      sold ${AMOUNT},
      proceeds ${AMOUNT},
      last_raise_amount numeric(78,0),
      last_token_amount numeric(78,0)
    )`);
  }

  async down(db) {
    for (const table of ['sale_version', 'sale_entry', 'sale']) {
      await db.query(`DROP TABLE ${table}`);
    }
  }
}
