import type { DatabaseClient } from '../../src/store/database/postgres.js';

/** An expression over `i`, the number of the row from 1 on, by type. */
const BY_TYPE: Readonly<Record<string, string>> = {
  text: `'x'`,
  bytea: `decode(lpad(to_hex(i), 40, '0'), 'hex')`,
  numeric: 'i',
  integer: 'i',
  bigint: 'i',
  boolean: 'true',
  'timestamp with time zone': `'2025-01-01'::timestamptz + i * interval '12 seconds'`,
  ARRAY: `'{}'`,
};

const NUMBERS = 64;

/** Rows of so many tokens, in the order of blocks. */
const BY_NAME: Readonly<Record<string, string>> = {
  id: `lpad((i % ${NUMBERS} + 1)::text, 4, '0') || '-' || lpad(i::text, 10, '0') || '-000000'`,
  token_number: `i % ${NUMBERS} + 1`,
};

/** Fills a table, whatever columns it has now. */
export async function fillTable(db: DatabaseClient, table: string, rows: number): Promise<void> {
  const { rows: columns } = await db.query<{ name: string; type: string }>(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_name = $1 AND is_nullable = 'NO'`,
    [table],
  );
  const values = columns.map(({ name, type }) => [`"${name}"`, BY_NAME[name] ?? BY_TYPE[type]]);
  await db.query(
    `INSERT INTO ${table} (${values.map(([name]) => name).join(', ')})
     SELECT ${values.map(([, value]) => value).join(', ')} FROM generate_series(1, ${rows}) AS i`,
  );
  await db.query(`ANALYZE ${table}`);
}

/** Registers the tokens whose rows `fillTable` writes. */
export async function fillTokens(db: DatabaseClient): Promise<void> {
  await db.query(
    `INSERT INTO token (id, number, chain_id, address, policy, percent_claimable, interval_unit, start_block)
     SELECT 'token ' || n, n, 1, decode(lpad(to_hex(n), 40, '0'), 'hex'), 'windowed', 80, 'blocks', 1
     FROM generate_series(1, ${NUMBERS}) AS n`,
  );
}
