import type { Table, TableColumn } from '../../../model/table.js';
import type { WhereColumn } from '../../../store/read/query/where.js';
import type { FieldKind } from './fieldKinds.js';

/** A column of a row whose name in the statement is not `o`. */
export interface PlacedColumn {
  readonly column: TableColumn;
  readonly row: string;
}

/** The column of a field, or its expression in parentheses. */
export type StoredColumn<Value> = TableColumn | PlacedColumn | WhereColumn<Value> | `(${string})`;

/** The columns of a table, in a statement that names its rows `row`. */
export function placed<const Source extends Pick<Table, 'columns'>>(
  { columns }: Source,
  row: string,
): { readonly [Name in keyof Source['columns']]: PlacedColumn } {
  const named = Object.entries(columns).map(([name, column]) => [name, { column, row }]);
  return Object.fromEntries(named) as { [Name in keyof Source['columns']]: PlacedColumn };
}

/** The types to which a condition converts columns of a type. */
const COMPARED_AS: Readonly<Record<string, string>> = { integer: 'bigint' };

/**
 * Returns the SQL of a field.
 *
 * @throws RangeError if the kind cannot be read from the column
 */
export function whereColumn<Value>(
  kind: FieldKind<Value>,
  stored: StoredColumn<Value> | undefined,
): WhereColumn<Value> | null {
  if (stored === undefined) return null;
  if (typeof stored === 'string') return kind.column(stored);
  if ('sql' in stored) return stored;
  const { column, row } = 'column' in stored ? stored : { column: stored, row: 'o' };
  const found = kind.column(`${row}."${column.name}"`);
  if (column.holds === 'utf8') {
    return { ...found, type: column.type, encode: (text) => Buffer.from(String(text)) };
  }
  const type = COMPARED_AS[column.type] ?? column.type;
  if (found.type !== type) {
    throw new RangeError(`the column ${column.name} has the type ${type}, not ${found.type}`);
  }
  return found;
}
