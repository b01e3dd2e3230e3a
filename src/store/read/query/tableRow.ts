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
