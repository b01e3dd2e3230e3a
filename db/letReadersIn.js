/**
 * Commits what a migration did so far, if the table has rows: a new column keeps readers away until the end of its
 * transaction. What the migration did so far must be safe to do again.
 */
export async function letReadersIn(db, table) {
  const rows = await db.query(`SELECT 1 FROM ${table} LIMIT 1`);
  if (rows.length === 0) return;
  await db.commitTransaction();
  await db.startTransaction();
}
