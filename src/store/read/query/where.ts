import { type Address, addressBytes } from '../../../address.js';
import { type Hex, hexBytes } from './decode.js';
import type { Parameters } from './statement.js';

/** Conditions on one field, all of which must hold. `null` is the same as not given. */
export interface FieldComparison<Value> {
  readonly _eq?: Value | null;
  readonly _neq?: Value | null;
  readonly _in?: readonly Value[] | null;
  readonly _nin?: readonly Value[] | null;
  readonly _gt?: Value | null;
  readonly _gte?: Value | null;
  readonly _lt?: Value | null;
  readonly _lte?: Value | null;
  readonly _isNull?: boolean | null;
}

/**
 * Conditions on the fields of a row, nested to any depth, all of which must hold. A field without a
 * value fulfils only `_neq`, `_nin` and `_isNull`, and `_not` inverts that: each condition is true
 * or false, never unknown.
 */
export type Where<Values extends object> = {
  readonly [Field in keyof Values]?: FieldComparison<NonNullable<Values[Field]>> | null;
} & {
  readonly _and?: readonly Where<Values>[] | null;
  readonly _or?: readonly Where<Values>[] | null;
  readonly _not?: Where<Values> | null;
};

/** The expression of a field in a statement, and how its values are written there. */
export interface WhereColumn<Value> {
  /** An expression over the row; never built from client input. */
  readonly sql: string;
  /** The type of its values in SQL. */
  readonly type: string;
  /** Converts a value to SQL: one value, or several of which one must match. */
  encode(value: Value): unknown;
  readonly meansAnyOf?: boolean;
  /** If it means any of several values: those that have none, in SQL. */
  readonly withoutValue?: readonly unknown[];
}

/** The columns of all fields that a list can be filtered by. */
export type WhereColumns<Values extends object> = {
  readonly [Field in keyof Values]-?: WhereColumn<NonNullable<Values[Field]>>;
};

export function numericColumn(sql: string): WhereColumn<bigint> {
  return { sql, type: 'numeric', encode: String };
}

export function integerColumn(sql: string): WhereColumn<number> {
  return { sql, type: 'bigint', encode: (value) => value };
}

export function textColumn(sql: string): WhereColumn<string> {
  return { sql, type: 'text', encode: (value) => value };
}

export function booleanColumn(sql: string): WhereColumn<boolean> {
  return { sql, type: 'boolean', encode: (value) => value };
}

export function timeColumn(sql: string): WhereColumn<Date> {
  return { sql, type: 'timestamptz', encode: (value) => value };
}

export function addressColumn(sql: string): WhereColumn<Address> {
  return { sql, type: 'bytea', encode: addressBytes };
}

export function hexColumn(sql: string): WhereColumn<Hex> {
  return { sql, type: 'bytea', encode: hexBytes };
}

/**
 * Conditions on the owner of a row, as the numbers of the owners that fulfil them.
 *
 * @param numbersOf the owners with a value; with `null`: those without one
 */
export function ownerColumn<Value>(
  sql: string,
  numbersOf: (value: Value | null) => readonly number[],
): WhereColumn<Value> {
  const withoutValue = numbersOf(null);
  return { sql, type: 'integer', encode: numbersOf, meansAnyOf: true, withoutValue };
}

const ORDERINGS = { _gt: '>', _gte: '>=', _lt: '<', _lte: '<=' } as const;

/** Converts the conditions to SQL, to be joined by AND. Every value is a parameter. */
export function whereConditions<Values extends object>(
  where: Where<Values> | null | undefined,
  columns: WhereColumns<Values>,
  parameters: Parameters,
): string[] {
  if (where == null) return [];
  parameters.isFreeForm = true;
  const conditions: string[] = [];
  const inner = (part: Where<Values>) => allOf(whereConditions(part, columns, parameters));
  for (const field of Object.keys(columns) as (keyof Values)[]) {
    conditions.push(...fieldConditions(where, field, columns, parameters));
  }
  for (const part of where._and ?? [])
    conditions.push(...whereConditions(part, columns, parameters));
  if (where._or != null) conditions.push(anyOf(where._or.map(inner)));
  if (where._not != null) conditions.push(`(${inner(where._not)}) IS NOT TRUE`);
  return conditions;
}

function fieldConditions<Values extends object, Field extends keyof Values>(
  where: Where<Values>,
  field: Field,
  columns: WhereColumns<Values>,
  parameters: Parameters,
): string[] {
  const comparison = where[field] as FieldComparison<NonNullable<Values[Field]>> | null | undefined;
  return comparison == null ? [] : comparisonConditions(comparison, columns[field], parameters);
}

function comparisonConditions<Value>(
  comparison: FieldComparison<Value>,
  { sql, type, encode, meansAnyOf = false, withoutValue = [] }: WhereColumn<Value>,
  parameters: Parameters,
): string[] {
  const { _eq, _neq, _in, _nin, _isNull } = comparison;
  const isAnyOf = (encoded: readonly unknown[]) =>
    `${sql} = ANY(${parameters.add(encoded)}::${type}[])`;
  const isOneOf = (values: readonly Value[]) =>
    isAnyOf(meansAnyOf ? values.flatMap(encode) : values.map(encode));
  const hasValue = (is: boolean) => {
    if (!meansAnyOf) return `${sql} IS ${is ? 'NOT ' : ''}NULL`;
    return is ? `NOT (${isAnyOf(withoutValue)})` : isAnyOf(withoutValue);
  };
  const one = (value: Value) => `${parameters.add(encode(value))}::${type}`;
  const equals = (value: Value) => (meansAnyOf ? isOneOf([value]) : `${sql} = ${one(value)}`);
  const conditions: string[] = [];
  if (_eq != null) conditions.push(equals(_eq));
  if (_neq != null) conditions.push(`(${equals(_neq)}) IS NOT TRUE`);
  if (_in != null) conditions.push(isOneOf(_in));
  if (_nin != null) conditions.push(`(${isOneOf(_nin)}) IS NOT TRUE`);
  for (const [name, operator] of Object.entries(ORDERINGS)) {
    const value = comparison[name as keyof typeof ORDERINGS];
    if (value != null) conditions.push(`${sql} ${operator} ${one(value)}`);
  }
  if (_isNull != null) conditions.push(hasValue(!_isNull));
  return conditions;
}

function allOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

function anyOf(alternatives: readonly string[]): string {
  if (alternatives.length === 0) return 'false';
  return `(${alternatives.map((alternative) => `(${alternative})`).join(' OR ')})`;
}
