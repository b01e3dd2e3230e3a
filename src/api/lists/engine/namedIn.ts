import type { FieldComparison, Where } from '../../../store/read/query/where.js';

/** The values that a field must have, in any part of the conditions. */
export function namedIn(where: Where<object>, field: string): readonly unknown[] {
  const { [field]: comparison } = where as Readonly<
    Record<string, FieldComparison<unknown> | null>
  >;
  const own = comparison == null ? [] : [comparison._eq, ...(comparison._in ?? [])];
  const { _and, _or, _not } = where;
  const inner = [...(_and ?? []), ...(_or ?? []), ...(_not == null ? [] : [_not])];
  return [
    ...own.filter((value) => value != null),
    ...inner.flatMap((part) => namedIn(part, field)),
  ];
}
