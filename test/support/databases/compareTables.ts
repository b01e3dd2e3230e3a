import type { Table } from '../../../src/model/table.js';
import { query } from '../query.js';

interface StoredColumn {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
}

interface StoredKey {
  readonly table: string;
  readonly isPrimary: boolean;
  readonly columns: string[];
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  'timestamp with time zone': 'timestamptz',
  'numeric(78,0)': 'numeric',
};

/** What the migrations and schema.graphql say differently of its tables, one sentence each. */
export async function schemaDifferences(
  databaseUrl: string,
  tables: readonly Table[],
): Promise<string[]> {
  const columns = await query<StoredColumn>(
    databaseUrl,
    `SELECT c.table_name AS "table", c.column_name AS name,
       format_type(a.atttypid, a.atttypmod) AS type, c.is_nullable = 'YES' AS "isNullable"
     FROM information_schema.columns c
     JOIN pg_attribute a ON a.attrelid = c.table_name::regclass AND a.attname = c.column_name
     WHERE c.table_schema = 'public' ORDER BY c.table_name, c.ordinal_position`,
  );
  const keys = await query<StoredKey>(
    databaseUrl,
    `SELECT indrelid::regclass::text AS "table", indisprimary AS "isPrimary",
       array(SELECT a.attname::text FROM unnest(indkey) WITH ORDINALITY AS k(attnum, place)
         JOIN pg_attribute a ON a.attrelid = indrelid AND a.attnum = k.attnum ORDER BY place) AS columns
     FROM pg_index WHERE indisunique AND indrelid::regclass::text IN (
       SELECT table_name FROM information_schema.tables WHERE table_schema = 'public')`,
  );
  return tables.flatMap((table) => [
    ...columnDifferences(
      table,
      columns.filter((column) => column.table === table.name),
    ),
    ...keyDifferences(
      table,
      keys.filter((key) => key.table === table.name),
    ),
  ]);
}

function columnDifferences(table: Table, stored: readonly StoredColumn[]): string[] {
  const declared = new Map(Object.values(table.columns).map((column) => [column.name, column]));
  const unknown = stored.filter(({ name }) => !declared.has(name));
  return [
    ...unknown.map(
      ({ name }) =>
        `The migrations make the column ${table.name}.${name}; schema.graphql lacks it.`,
    ),
    ...[...declared.values()].flatMap(({ name, type, isNullable }) => {
      const column = stored.find((candidate) => candidate.name === name);
      const full = `${table.name}.${name}`;
      if (column === undefined) return [`schema.graphql has ${full}; no migration makes it.`];
      const made = TYPE_NAMES[column.type] ?? column.type;
      const nullable = (may: boolean) => (may ? 'may be null' : 'is never null');
      return [
        ...(made === type
          ? []
          : [`${full} is ${type} in schema.graphql and ${made} in the database.`]),
        ...(column.isNullable === isNullable
          ? []
          : [
              `${full} ${nullable(isNullable)} in schema.graphql and ${nullable(column.isNullable)} in the database.`,
            ]),
      ];
    }),
  ];
}

function keyDifferences(table: Table, stored: readonly StoredKey[]): string[] {
  const primary = table.owner === null ? 'id' : `${table.owner}, id`;
  const found = stored.find(({ isPrimary }) => isPrimary)?.columns.join(', ');
  const declared = table.uniques.map((columns) => columns.join(', '));
  const made = stored
    .filter(({ isPrimary }) => !isPrimary)
    .map(({ columns }) => columns.join(', '));
  const lacks = (columns: string, where: string, other: string) =>
    `The unique index of ${table.name} (${columns}) is in ${where} and not in ${other}.`;
  return [
    ...(found === primary
      ? []
      : [
          `The primary key of ${table.name} is (${primary}) by schema.graphql and (${found}) in the database.`,
        ]),
    ...declared
      .filter((columns) => !made.includes(columns))
      .map((columns) => lacks(columns, 'schema.graphql', 'the database')),
    ...made
      .filter((columns) => !declared.includes(columns))
      .map((columns) => lacks(columns, 'the database', 'schema.graphql')),
  ];
}
