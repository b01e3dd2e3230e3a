import type { Range } from '../../../store/read/query/decode.js';
import type { FieldComparison, Where } from '../../../store/read/query/where.js';

/**
 * The conditions that must hold in any case. Those on chain, contract, block and time narrow the
 * range of the index that is read. A condition that requires one value may have an index of its
 * own.
 */
export function conjuncts<Values extends object>(
  where: Where<Values> | null | undefined,
): Where<Values>[] {
  return where == null ? [] : [where, ...(where._and ?? []).flatMap(conjuncts)];
}

/** The required values of some fields, by field. */
export function equalValues<Values extends object, Field extends keyof Values & string>(
  parts: readonly Where<Values>[],
  fields: readonly Field[],
): { [Name in Field]?: NonNullable<Values[Name]> } {
  const found: { [Name in Field]?: NonNullable<Values[Name]> } = {};
  for (const field of fields) {
    for (const comparison of comparisonsOf(parts, field)) {
      const value = comparison._eq ?? (comparison._in?.length === 1 ? comparison._in[0] : null);
      if (value != null) found[field] = value;
    }
  }
  return found;
}

/** The values of a field of which one is required; `null`: any will do. */
export function requiredValues<Values extends object, Field extends keyof Values & string>(
  parts: readonly Where<Values>[],
  field: Field,
): readonly NonNullable<Values[Field]>[] | null {
  for (const { _eq, _in } of comparisonsOf(parts, field)) {
    if (_eq != null) return [_eq];
    if (_in != null) return _in;
  }
  return null;
}

/** The nearest possible values below and above a value. */
export interface Neighbours<Value> {
  above(value: Value): Value;
  below(value: Value): Value;
}

/**
 * Returns a range that contains every value that a field can have.
 *
 * @param neighbours of the field's values; without it, open ends count as part of the range
 */
export function rangeOf<Values extends object, Field extends keyof Values>(
  parts: readonly Where<Values>[],
  field: Field,
  given: Range<NonNullable<Values[Field]>> | null | undefined,
  neighbours?: Neighbours<NonNullable<Values[Field]>>,
): Range<NonNullable<Values[Field]>> {
  const lows = [given?.gte];
  const highs = [given?.lte];
  for (const { _eq, _gt, _gte, _lt, _lte } of comparisonsOf(parts, field)) {
    lows.push(_eq, _gt == null ? null : (neighbours?.above(_gt) ?? _gt), _gte);
    highs.push(_eq, _lt == null ? null : (neighbours?.below(_lt) ?? _lt), _lte);
  }
  return {
    gte: firstBy(lows, (low, best) => low > best),
    lte: firstBy(highs, (high, best) => high < best),
  };
}

/** The value that comes before all others; `null`: there is none. */
function firstBy<Value>(
  values: readonly (Value | null | undefined)[],
  isBefore: (value: Value, other: Value) => boolean,
): Value | null {
  let first: Value | null = null;
  for (const value of values) {
    if (value != null && (first === null || isBefore(value, first))) first = value;
  }
  return first;
}

/** A filter without fields that are not given, because they would hide those of `where`. */
export function given<Filter extends object>(filter: Filter): Filter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value != null)) as Filter;
}

function comparisonsOf<Values extends object, Field extends keyof Values>(
  parts: readonly Where<Values>[],
  field: Field,
): FieldComparison<NonNullable<Values[Field]>>[] {
  return parts.flatMap((part) => {
    const comparison = part[field] as
      | FieldComparison<NonNullable<Values[Field]>>
      | null
      | undefined;
    return comparison == null ? [] : [comparison];
  });
}
