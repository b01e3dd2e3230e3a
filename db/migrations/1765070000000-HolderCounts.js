/** A part of an id, as src/store/ids.ts makes it. */
const part = (value, digits) => `(CASE WHEN length(${value}::text) <= ${digits}
  THEN lpad(${value}::text, ${digits}, '0') ELSE 'a' || lpad(${value}::text, 16, '0') END)`;

/** How many accounts hold a token, block by block; of what is indexed, from the checkpoints of balances. */
export class HolderCounts1765070000000 {
  name = 'HolderCounts1765070000000';

  async up(db) {
    await db.query(`CREATE TABLE holder_count (
      id text COLLATE "C" NOT NULL,
      token_number integer NOT NULL,
      block_number bigint NOT NULL,
      "timestamp" timestamptz NOT NULL,
      holders integer NOT NULL,
      PRIMARY KEY (token_number, id)
    )`);
    // A block has a checkpoint for each interval between snapshots: the last one is its end.
    await db.query(`INSERT INTO holder_count (id, token_number, block_number, "timestamp", holders)
      WITH ends AS (
        SELECT DISTINCT ON (account, token_number, block_number)
          account, token_number, block_number, balance
        FROM balance_checkpoint
        ORDER BY account, token_number, block_number, "interval" DESC
      ), steps AS (
        SELECT token_number, block_number, (balance > 0)::integer - coalesce((lag(balance) OVER (
          PARTITION BY account, token_number ORDER BY block_number) > 0)::integer, 0) AS step
        FROM ends
      ), changes AS (
        SELECT token_number, block_number, sum(step) AS change
        FROM steps GROUP BY token_number, block_number HAVING sum(step) <> 0
      )
      SELECT ${part('c.token_number', 4)} || '-' || ${part('c.block_number', 10)} || '-999999',
        c.token_number, c.block_number, b."timestamp",
        sum(c.change) OVER (PARTITION BY c.token_number ORDER BY c.block_number)
      FROM changes c
      JOIN token t ON t.number = c.token_number
      JOIN block b ON b.chain_id = t.chain_id AND b.number = c.block_number`);
  }

  async down(db) {
    await db.query('DROP TABLE holder_count');
  }
}
