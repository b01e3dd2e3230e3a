import {
  decodeOperation,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
  type RowReader,
} from '../../../store/read/operations/operation.js';
import { byId } from '../../../store/read/operations/operationSelect.js';
import { comparableOf, type DeclaredField, type ValueOf, type ValuesOf } from './field.js';

type StoredFields = Readonly<Record<string, DeclaredField<unknown>>>;

/** Values that a filter requires, each of one field. */
type EqualTo<Fields, Name extends keyof Fields> = {
  readonly [Filtered in Name]?: ValueOf<Fields[Filtered]> | null;
};

/** The table with the rows of a list. */
export interface TableSource<Fields, Names extends readonly (keyof Fields & string)[]> {
  readonly table: string;
  /** The column with the number of the owner; default: `token_number`. */
  readonly owner?: string;
  /** Fields with a column. The place of an operation is always read. */
  readonly fields: Fields;
  /** The field whose column has an index that orders the rows of each owner. */
  readonly amount: keyof Fields & string;
  /** Fields for which a filter may require one value. */
  readonly filterBy: Names;
}

/**
 * Reads the rows of a list from one table, by its fields.
 *
 * @throws RangeError if a field has no column, or the amount is not a column of the table
 */
export function tableReader<
  Fields extends StoredFields,
  const Names extends readonly (keyof Fields & string)[],
>({
  table,
  owner = 'token_number',
  fields,
  amount,
  filterBy,
}: TableSource<Fields, Names>): OperationKind<
  OperationColumns,
  OperationRecord & ValuesOf<Fields>,
  EqualTo<Fields, Names[number]>
> {
  const stored = Object.entries(comparableOf(fields)).map(([name, { kind, column }]) => {
    if (column === null) throw new RangeError(`the field ${name} of ${table} has no column`);
    return { name, kind, column };
  });
  const columnOf = (wanted: string) => {
    const found = stored.find(({ name }) => name === wanted);
    if (found === undefined) throw new RangeError(`the field ${wanted} of ${table} has no column`);
    return found.column;
  };
  const amountColumn = /^o\."(\w+)"$/.exec(columnOf(amount).sql)?.[1];
  if (amountColumn === undefined) throw new RangeError(`${amount} is not a column of ${table}`);
  type Row = OperationRecord & ValuesOf<Fields>;
  const readerOf = (fields: typeof stored): RowReader<OperationColumns, Row> => ({
    columns: fields.map(({ name, column }) => `${column.sql} AS "${name}"`),
    decode(columns) {
      const row = columns as unknown as Readonly<Record<string, unknown>>;
      const values = fields.map(({ name, kind }) => {
        const value = row[name] ?? null;
        return [name, value === null ? null : kind.decode(value)] as const;
      });
      return decodeOperation(columns, Object.fromEntries(values) as ValuesOf<Fields>);
    },
  });
  return {
    table,
    ...readerOf(stored),
    part: (fields) => readerOf(stored.filter(({ name }) => fields.has(name))),
    amountColumn,
    amountIndex: 'kept',
    source(filter, parameters) {
      const conditions = filterBy.flatMap((name) => {
        const value = filter[name as Names[number]];
        const { sql, type, encode } = columnOf(name);
        return value == null ? [] : [`${sql} = ${parameters.add(encode(value))}::${type}`];
      });
      const from = `(SELECT r.*, r.${owner} AS token_number FROM ${table} r) o`;
      const source = byId(table, conditions);
      return owner === 'token_number' ? source : { ...source, from };
    },
    amountOf: (row) => BigInt(String((row as ValuesOf<Fields>)[amount])),
  };
}
