import type pg from 'pg';

/** Makes the index of all balances, which the indexer makes after the backfill. */
export async function indexBalances(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string; columns: string }>(
    `SELECT name, columns FROM deferred_index WHERE name = 'balance_checkpoint_by_balance'`,
  );
  for (const { name, columns } of rows) await pool.query(`CREATE INDEX ${name} ON ${columns}`);
}
