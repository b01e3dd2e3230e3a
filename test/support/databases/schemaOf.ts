import { query } from '../query.js';

const SCHEMA = `
  SELECT c.relname AS name, 'options' AS kind, coalesce(array_to_string(c.reloptions, ','), '') AS text
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
  UNION ALL
  SELECT c.relname, 'column', concat_ws(' ', row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname,
    format_type(a.atttypid, a.atttypmod), a.attcollation::regcollation, a.attnotnull, a.attidentity, a.attstorage,
    pg_get_expr(d.adbin, d.adrelid))
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
  UNION ALL
  SELECT c.relname, 'constraint', k.conname || ' ' || pg_get_constraintdef(k.oid)
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE c.relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT tablename, 'index', indexdef FROM pg_indexes WHERE schemaname = 'public'`;

/** What a schema consists of, in sentences of PostgreSQL: tables, columns in their order, keys and indexes. */
export async function schemaOf(databaseUrl: string): Promise<string[]> {
  const rows = await query<{ line: string }>(
    databaseUrl,
    `SELECT name || ' ' || kind || ' ' || text AS line FROM (${SCHEMA}) AS parts`,
  );
  return rows.map(({ line }) => line).toSorted();
}
