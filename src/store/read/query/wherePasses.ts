import type { FieldComparison, Where } from './where.js';

type Plain = bigint | number | string | boolean | Date;

/** Reads the fields of a row in memory; `null`: the field has no value. */
export type WhereGetters<Row, Values extends object> = {
  readonly [Field in keyof Values]-?: (row: Row) => Values[Field] | null;
};

/** Whether a row in memory fulfils the conditions: the same answer as `whereConditions` in SQL. */
export function wherePasses<Row, Values extends { readonly [Field in keyof Values]: Plain | null }>(
  row: Row,
  where: Where<Values> | null | undefined,
  getters: WhereGetters<Row, Values>,
): boolean {
  if (where == null) return true;
  const passes = (part: Where<Values>) => wherePasses(row, part, getters);
  const hasFields = (Object.keys(getters) as (keyof Values)[]).every((field) => {
    const comparison = where[field] as FieldComparison<Plain> | null | undefined;
    return comparison == null || fulfils(getters[field](row), comparison);
  });
  return (
    hasFields &&
    (where._and ?? []).every(passes) &&
    (where._or == null || where._or.some(passes)) &&
    (where._not == null || !passes(where._not))
  );
}

function fulfils(value: Plain | null, comparison: FieldComparison<Plain>): boolean {
  const { _eq, _neq, _in, _nin, _gt, _gte, _lt, _lte, _isNull } = comparison;
  const own = value === null ? null : comparable(value);
  const ordered = (
    limit: Plain | null | undefined,
    holds: (own: Scalar, limit: Scalar) => boolean,
  ) => limit == null || (own !== null && holds(own, comparable(limit)));
  return (
    (_eq == null || own === comparable(_eq)) &&
    (_neq == null || own !== comparable(_neq)) &&
    (_in == null || _in.some((one) => comparable(one) === own)) &&
    (_nin == null || !_nin.some((one) => comparable(one) === own)) &&
    ordered(_gt, (left, right) => left > right) &&
    ordered(_gte, (left, right) => left >= right) &&
    ordered(_lt, (left, right) => left < right) &&
    ordered(_lte, (left, right) => left <= right) &&
    (_isNull == null || _isNull === (own === null))
  );
}

type Scalar = bigint | number | string | boolean;

/** Two dates of the same moment are different objects. */
function comparable(value: Plain): Scalar {
  return value instanceof Date ? value.getTime() : value;
}
