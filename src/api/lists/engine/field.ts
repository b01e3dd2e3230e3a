import { type ClassType, Field, InputType, ObjectType } from 'type-graphql';
import type { TableColumn } from '../../../model/table.js';
import type { Where, WhereColumn } from '../../../store/read/query/where.js';
import type { FieldKind, FieldType } from './fieldKinds.js';
import { type StoredColumn, whereColumn } from './storedColumn.js';
import { whereInput } from './whereInput.js';

/**
 * A field of the rows of a list. The type, conditions, filter and totals of the list are made from
 * it.
 */
export interface DeclaredField<Value, IsNullable extends boolean = boolean> {
  readonly kind: FieldKind<Value>;
  /** Its meaning and its unit. Clients see this text wherever the field appears. */
  readonly text: string;
  readonly isNullable: IsNullable;
  /** Its SQL expression; `null`: the list cannot be filtered by it. */
  readonly column: WhereColumn<Value> | null;
}

/** A field that is only shown to clients: an object, or several values. */
export interface ShownField {
  readonly shows: FieldType | [FieldType];
  readonly text: string;
  readonly isNullable: boolean;
}

export type ListFields = Readonly<Record<string, DeclaredField<unknown> | ShownField>>;

/** The value of a row in a field. */
export type ValueOf<Declared> =
  Declared extends DeclaredField<infer Value, infer IsNullable>
    ? Value | (IsNullable extends true ? null : never)
    : unknown;

/** The values of a row in all fields. */
export type ValuesOf<Fields> = { readonly [Name in keyof Fields]: ValueOf<Fields[Name]> };

/** @param column without it, the list cannot be filtered by the field */
type Sentence = `${string}.`;

/** A column whose text schema.graphql has. */
type DescribedColumn = TableColumn & { readonly text: string };

/** @param column left out: clients cannot narrow the list by it */
export function field<Value>(
  kind: FieldKind<Value>,
  text: Sentence,
  column?: StoredColumn<Value>,
): DeclaredField<Value, false>;
/** A field with the text of its column in schema.graphql. */
export function field<Value>(
  kind: FieldKind<Value>,
  column: DescribedColumn,
): DeclaredField<Value, false>;
export function field<Value>(
  kind: FieldKind<Value>,
  meaning: Sentence | DescribedColumn,
  column?: StoredColumn<Value>,
): DeclaredField<Value, false> {
  return { ...declared(kind, meaning, column), isNullable: false };
}

/** A field that has no value in some rows; otherwise like `field`. */
export function optional<Value>(
  kind: FieldKind<Value>,
  text: Sentence,
  column?: StoredColumn<Value>,
): DeclaredField<Value, true>;
export function optional<Value>(
  kind: FieldKind<Value>,
  column: DescribedColumn,
): DeclaredField<Value, true>;
export function optional<Value>(
  kind: FieldKind<Value>,
  meaning: Sentence | DescribedColumn,
  column?: StoredColumn<Value>,
): DeclaredField<Value, true> {
  return { ...declared(kind, meaning, column), isNullable: true };
}

function declared<Value>(
  kind: FieldKind<Value>,
  meaning: string | DescribedColumn,
  column: StoredColumn<Value> | undefined,
) {
  if (typeof meaning === 'string') {
    return { kind, text: meaning, column: whereColumn(kind, column) };
  }
  const unit = meaning.unit === null ? '' : ` In: ${meaning.unit}.`;
  return { kind, text: `${meaning.text}${unit}`, column: whereColumn(kind, meaning) };
}

export function shown(shows: ShownField['shows'], text: Sentence, isNullable = false): ShownField {
  return { shows, text, isNullable };
}

/** Makes the object type. `Base` has fields that other types have too. */
export function objectType(
  name: string,
  text: string,
  fields: ListFields,
  Base: ClassType = class {},
): ClassType {
  class RowType extends Base {}
  for (const [key, declared] of Object.entries(fields)) {
    const type = 'kind' in declared ? declared.kind.type : declared.shows;
    const { isNullable: nullable, text: description } = declared;
    Field(() => type as ClassType, { nullable, description })(RowType.prototype, key);
  }
  ObjectType(name, { simpleResolvers: true, description: text })(RowType);
  return RowType;
}

/** The kind and the text of a field. */
export type NamedKind = Pick<DeclaredField<unknown>, 'kind' | 'text'>;

export type NamedKinds = Readonly<Record<string, NamedKind>>;

/** The fields that a list can be filtered by. */
export function comparableOf(fields: ListFields): Record<string, DeclaredField<unknown>> {
  const comparable = Object.entries(fields).flatMap(([name, declared]) =>
    'kind' in declared && declared.column !== null ? [[name, declared] as const] : [],
  );
  return Object.fromEntries(comparable);
}

/** Their columns. */
export function whereColumnsOf(fields: ListFields): Record<string, WhereColumn<unknown>> {
  const columns = Object.entries(comparableOf(fields)).flatMap(([name, { column }]) =>
    column === null ? [] : [[name, column] as const],
  );
  return Object.fromEntries(columns);
}

/** Makes the input type `<name>Where`. */
export function whereOf(name: string, rows: string, fields: NamedKinds): ClassType<Where<object>> {
  const comparisons = Object.entries(fields).map(([key, { kind, text }]) => {
    return [key, { type: kind.comparison, description: text }];
  });
  return whereInput<object>(name, rows, Object.fromEntries(comparisons));
}

/**
 * A field of a filter. A text: only rows with this value in the field of the same name. `between`:
 * only rows whose value is in a range.
 */
export type FilterField =
  | string
  | { readonly between: string }
  | { readonly input: FieldType; readonly text: string };

/** Makes the input type `<name>Filter`. */
export function filterInput(
  name: string,
  rows: string,
  filter: Readonly<Record<string, FilterField>>,
  fields: NamedKinds,
): ClassType<object> {
  class FilterInput {}
  const declare = (key: string, type: FieldType, description: string) =>
    Field(() => type as ClassType, { nullable: true, description })(FilterInput.prototype, key);
  for (const [key, wanted] of Object.entries(filter)) {
    if (typeof wanted === 'string') declare(key, kindOf(name, key, fields).type, wanted);
    else if ('input' in wanted) declare(key, wanted.input, wanted.text);
    else {
      const { range } = kindOf(name, key, fields);
      if (range === null) throw new RangeError(`${name}.${key} has no values between two ends`);
      declare(key, range, wanted.between);
    }
  }
  InputType(`${name}Filter`, { description: `Which ${rows}; all conditions must hold.` })(
    FilterInput,
  );
  return FilterInput;
}

/** @throws RangeError if no list has such a field */
function kindOf(list: string, name: string, fields: NamedKinds): FieldKind<unknown> {
  const declared = fields[name];
  if (declared === undefined) throw new RangeError(`the list ${list} has no field ${name}`);
  return declared.kind;
}

/** A field of a filter that the rows do not have, or that means something else there. */
export function only({ type }: FieldKind<unknown>, text: string): FilterField {
  return { input: type, text };
}
