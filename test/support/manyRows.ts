import { query } from './query.js';

/** Expressions over `i`, the number of the row from 1 on, by column. */
type RowSpec = Readonly<Record<string, string>>;

/** What a column that must have a value gets if nothing else is said. */
const BY_TYPE: RowSpec = {
  text: `'x'`,
  bytea: `decode(lpad(to_hex(i), 40, '0'), 'hex')`,
  numeric: 'i',
  integer: 'i',
  bigint: 'i',
  boolean: 'true',
  'timestamp with time zone': `'2025-01-01'::timestamptz + i * interval '12 seconds'`,
  ARRAY: `'{}'`,
};

/** Text of the row id of operation 0 in block `i`. */
export const idOf = (number: number) =>
  `'${String(number).padStart(4, '0')}-' || lpad(i::text, 10, '0') || '-000000'`;

/** Fills a table with rows that differ by their number, and lets the planner know. */
export async function fillRows(
  databaseUrl: string,
  table: string,
  count: number,
  given: RowSpec = {},
): Promise<void> {
  const columns = await query<{ name: string; type: string; required: boolean }>(
    databaseUrl,
    `SELECT column_name AS name, data_type AS type, is_nullable = 'NO' AS required
     FROM information_schema.columns WHERE table_name = '${table}'`,
  );
  const values = columns.flatMap(({ name, type, required }) => {
    const value = given[name] ?? (required ? BY_TYPE[type] : undefined);
    return value === undefined ? [] : [[`"${name}"`, value] as const];
  });
  await query(
    databaseUrl,
    `INSERT INTO ${table} (${values.map(([name]) => name).join(', ')})
     SELECT ${values.map(([, value]) => value).join(', ')} FROM generate_series(1, ${count}) AS i`,
  );
  await query(databaseUrl, `VACUUM ANALYZE ${table}`);
}
