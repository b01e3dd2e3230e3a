import { valueDecoder } from '../../../model/columnValues.js';
import type { Table, TableColumn, TableOf } from '../../../model/table.js';
import {
  booleanColumn,
  hexColumn,
  integerColumn,
  numericColumn,
  textColumn,
  timeColumn,
  type WhereColumn,
  type WhereColumns,
} from './where.js';

/** The fields that a row can be filtered by: all but lists. */
export type Comparable<Row> = {
  readonly [Field in keyof Row as Row[Field] extends readonly unknown[]
    ? never
    : Field]: Row[Field];
};

/** The place of a row of an owner. */
const PLACE = [
  'id',
  'block_number',
  'timestamp',
  'transaction_hash',
  'transaction_index',
  'position',
];

/** The columns of a table by the names of their fields; rows of an owner without their place. */
export function rowFields(table: Table): [string, TableColumn][] {
  const fields = Object.entries(table.columns);
  if (!table.isByBlock) return fields;
  return fields.filter(([, { name }]) => name !== table.owner && !PLACE.includes(name));
}

/** The same columns for SELECT. @param row name of the table in the statement */
export function rowColumns(table: Table, row = 'o'): string[] {
  return rowFields(table).map(([, { name }]) => `${row}."${name}"`);
}

/** How some fields of rows are read. */
export interface RowPart<Row> {
  readonly columns: readonly string[];
  decode(columns: object): Partial<Row>;
}

/** Some fields of the rows `o` of a table; names that are not fields of it are left out. */
export function rowPart<Row extends object>(
  table: TableOf<Row>,
  wanted: ReadonlySet<string>,
): RowPart<Row> {
  const fields = rowFields(table)
    .filter(([field]) => wanted.has(field))
    .map(([field, column]) => ({ field, name: column.name, decode: valueDecoder(column) }));
  return {
    columns: fields.map(({ name }) => `o."${name}"`),
    decode(columns) {
      const values: Record<string, unknown> = {};
      for (const { field, name, decode } of fields) {
        values[field] = decode((columns as Readonly<Record<string, never>>)[name] as never);
      }
      return values as Partial<Row>;
    },
  };
}

/** The fields that a row can be filtered by. @param row name of the table in the statement */
export function rowWhere<Row extends object>(
  table: TableOf<Row>,
  row = 'o',
): WhereColumns<Comparable<Row>> {
  const columns = rowFields(table).flatMap(([field, column]) => {
    const where = whereColumn(column, `${row}."${column.name}"`);
    return where === null ? [] : [[field, where] as const];
  });
  return Object.fromEntries(columns) as unknown as WhereColumns<Comparable<Row>>;
}

function whereColumn({ type, holds }: TableColumn, sql: string): WhereColumn<never> | null {
  switch (type) {
    case 'text':
      return textColumn(sql);
    case 'integer':
    case 'bigint':
      return integerColumn(sql);
    case 'numeric':
      return numericColumn(sql);
    case 'boolean':
      return booleanColumn(sql);
    case 'timestamptz':
      return timeColumn(sql);
    case 'bytea':
      return holds === 'utf8'
        ? { sql, type: 'bytea', encode: (text: string) => Buffer.from(text) }
        : hexColumn(sql);
    case 'bytea[]':
    case 'jsonb':
      return null;
  }
}
