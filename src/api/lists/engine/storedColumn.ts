import type { Table, TableColumn } from '../../../model/table.js';
import type { WhereColumn } from '../../../store/read/query/where.js';
import type { FieldKind } from './fieldKinds.js';

/** A column of a row that a statement names otherwise than `o`. */
export interface PlacedColumn {
  readonly column: TableColumn;
  readonly row: string;
}

/** Where a field is: in a column of a table, or in an expression, which is in parentheses. */
export type StoredColumn<Value> = TableColumn | PlacedColumn | WhereColumn<Value> | `(${string})`;

/** The columns of a table, in a statement that names its rows `row`. */
export function placed<const Source extends Pick<Table, 'columns'>>(
  { columns }: Source,
  row: string,
): { readonly [Name in keyof Source['columns']]: PlacedColumn } {
  const named = Object.entries(columns).map(([name, column]) => [name, { column, row }]);
  return Object.fromEntries(named) as { [Name in keyof Source['columns']]: PlacedColumn };
}

/** The types that a condition compares columns of a type as. */
const COMPARED_AS: Readonly<Record<string, string>> = { integer: 'bigint' };

/**
 * Where a statement has a field.
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
  const type = COMPARED_AS[column.type] ?? column.type;
  if (found.type !== type) {
    throw new RangeError(`the column ${column.name} has the type ${type}, not ${found.type}`);
  }
  return found;
}
