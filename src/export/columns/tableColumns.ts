import type { Table, TableColumn } from '../../model/table.js';
import { rowFields } from '../../store/read/query/tableRow.js';
import { address, amount, column, hash, time } from './columns.js';
import type { Column } from './dataset.js';
import { hexText } from './sqlText.js';

type FieldOf<Of extends Table> = keyof Of['columns'] & string;

interface Arrangement<Field extends string> {
  /** What comes first: fields, and columns from elsewhere. A column replaces the field of its name. */
  readonly first?: readonly (Field | Column)[];
  /** Fields that the dataset does not have. */
  readonly without?: readonly Field[];
  /** Fields with another name than their column, which loses `_wei`. */
  readonly names?: Partial<Readonly<Record<Field, string>>>;
}

/**
 * The columns of an operation `o`, but for its place: by schema.graphql, with their texts, units and
 * whether they may be null. All columns of the table that are not arranged come in its order.
 */
export function tableColumns<const Of extends Table>(
  table: Of,
  { first = [], without = [], names = {} }: Arrangement<FieldOf<Of>> = {},
): Column[] {
  const nameOf = (field: string) =>
    (names as Readonly<Record<string, string | undefined>>)[field] ??
    table.columns[field]?.name.replace(/_wei$/, '') ??
    field;
  const columnOf = (field: string) => {
    const stored = table.columns[field];
    return stored === undefined ? [] : exported(nameOf(field), stored);
  };
  const arranged = first.flatMap((item) => (typeof item === 'string' ? columnOf(item) : [item]));
  const isShown = new Set(arranged.map(({ name }) => name));
  const rest = rowFields(table).filter(
    ([field]) => !isShown.has(nameOf(field)) && !without.includes(field as FieldOf<Of>),
  );
  return [...arranged, ...rest.flatMap(([field]) => columnOf(field))];
}

/** A column of the table `o`; an amount is two. */
function exported(name: string, { name: stored, type, holds, ...facts }: TableColumn): Column[] {
  const sql = `o."${stored}"`;
  const { isNullable } = facts;
  const text = facts.text ?? '';
  switch (type) {
    case 'text':
    case 'boolean':
      return [column(name, type, sql, text, { isNullable })];
    case 'integer':
    case 'bigint':
      return [column(name, 'integer', sql, text, { isNullable })];
    case 'numeric':
      return facts.unit === null
        ? [column(name, 'uint256', `${sql}::text`, text, { isNullable })]
        : amount(name, sql, facts.unit, text, { isNullable });
    case 'timestamptz':
      return [time(name, sql, text, { isNullable })];
    case 'bytea':
      if (holds === 'address') return [address(name, sql, text, { isNullable })];
      if (holds === 'hash') return [hash(name, sql, text, { isNullable })];
      return [column(name, 'text', hexText(sql), text, { isNullable })];
    case 'bytea[]':
      return [column(name, 'text', hexListText(sql), text, { isNullable: true })];
    case 'jsonb':
      return [column(name, 'text', `${sql}::text`, text, { isNullable })];
  }
}

/** With spaces between; null for an empty list. */
function hexListText(list: string): string {
  return `(SELECT string_agg(${hexText('step')}, ' ' ORDER BY place) FROM unnest(${list}) WITH ORDINALITY AS p(step, place))`;
}
