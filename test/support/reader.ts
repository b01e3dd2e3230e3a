import pg from 'pg';

/** Reads a database with connections of its own. */
export async function withReader<Result>(
  databaseUrl: string,
  read: (db: pg.Pool) => Promise<Result>,
): Promise<Result> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  try {
    return await read(pool);
  } finally {
    await pool.end();
  }
}
