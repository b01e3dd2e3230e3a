/**
 * Every order that a list has goes by an index, so that a late page costs what the first one does.
 * The tables here are written once for a movement of money, a request or a snapshot, seldom beside
 * transfers. That of transfers by amount is not made yet: with random keys it is half as much work
 * again for PostgreSQL, and a read of the disk for every row once it is larger than the memory.
 * The processor makes it when it has caught up with the chain.
 */
const INDEXES = {
  journal_entry_by_amount: 'journal_entry (token_number, amount_wei, id)',
  oracle_request_by_fee: 'oracle_request (contract_number, fee, id)',
  model_payout_by_amount: 'model_payout (contract_number, model_id, amount, id)',
  mint_payment_by_amount: 'mint_payment (collection_number, paid_wei, id)',
  sale_entry_by_amount: 'sale_entry (sale_number, raise_amount, id)',
  sale_entry_by_deposited:
    'sale_entry (sale_number, deposited, participant, id) WHERE participant IS NOT NULL',
  price_round_by_answer: 'price_round (feed_number, answer, id)',
  // A page of tokens looks for the newest mint of each, which may have many later owners.
  aigc_transfer_of_mints: `aigc_transfer (collection_number, token_id, id)
    WHERE "from" = '\\x${'00'.repeat(20)}'::bytea`,
  snapshot_by_claimable: 'snapshot (token_number, claimable_wei, snapshot_id)',
  snapshot_by_new_revenue: 'snapshot (token_number, new_revenue_wei, snapshot_id)',
};

export class ListOrders1764800000000 {
  name = 'ListOrders1764800000000';

  async up(db) {
    for (const [name, columns] of Object.entries(INDEXES)) {
      await db.query(`CREATE INDEX ${name} ON ${columns}`);
    }
    // Indexes that are made after the backfill, and what of.
    await db.query(`CREATE TABLE deferred_index (
      name text COLLATE "C" PRIMARY KEY,
      columns text NOT NULL
    )`);
    await db.query(`INSERT INTO deferred_index (name, columns)
      VALUES ('transfer_by_amount', 'transfer (token_number, amount, id)')`);
  }

  async down(db) {
    await db.query('DROP INDEX IF EXISTS transfer_by_amount');
    await db.query('DROP TABLE deferred_index');
    for (const name of Object.keys(INDEXES)) await db.query(`DROP INDEX ${name}`);
  }
}
