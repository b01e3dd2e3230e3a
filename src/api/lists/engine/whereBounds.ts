import type { Where } from '../../../store/read/query/where.js';
import { inputError } from '../../errors.js';

const DEEP_AT_MOST = 6;
const CONDITIONS_AT_MOST = 200;
const VALUES_AT_MOST = 1000;

/**
 * Refuses conditions that would take the database long to read, let alone to fulfil. Counted
 * here and not in the query's text, so that conditions in a variable count like any other.
 *
 * @throws GraphQLError `WHERE_TOO_LARGE`
 */
export function assertBounded<Values extends object>(
  where: Where<Values> | null | undefined,
): void {
  let conditions = 0;
  const visit = (part: object, depth: number) => {
    if (depth > DEEP_AT_MOST) throw tooLarge(`is nested more than ${DEEP_AT_MOST} deep`);
    for (const [field, value] of Object.entries(part)) {
      if (value == null) continue;
      conditions++;
      if (conditions > CONDITIONS_AT_MOST) {
        throw tooLarge(`has more than ${CONDITIONS_AT_MOST} conditions`);
      }
      if (field === '_and' || field === '_or' || field === '_not') {
        for (const inner of [value].flat()) visit(inner, depth + 1);
      } else {
        assertFewValues(value);
      }
    }
  };
  if (where != null) visit(where, 1);
}

function assertFewValues(comparison: object): void {
  for (const value of Object.values(comparison)) {
    if (Array.isArray(value) && value.length > VALUES_AT_MOST) {
      throw tooLarge(`lists more than ${VALUES_AT_MOST} values`);
    }
  }
}

function tooLarge(what: string) {
  return inputError(
    'WHERE_TOO_LARGE',
    `"where" ${what}`,
    `It may be nested ${DEEP_AT_MOST} deep, with ${CONDITIONS_AT_MOST} conditions and lists of ${VALUES_AT_MOST} values; ask in several requests.`,
  );
}
