import type { Where } from '../../../store/read/query/where.js';
import { inputError } from '../../errors.js';

const DEEP_AT_MOST = 6;
const CONDITIONS_AT_MOST = 200;
const VALUES_AT_MOST = 1000;
/** Fields that combine conditions. */
const CONNECTIVES = new Set(['_and', '_or', '_not']);

/**
 * Rejects conditions that are too large for the database. It counts values and not the text of the
 * query, so that conditions in a variable count like any other.
 *
 * @throws GraphQLError `WHERE_TOO_LARGE`
 */
export function assertBounded<Values extends object>(
  where: Where<Values> | null | undefined,
): void {
  if (where == null) return;
  let conditions = 0;
  for (const [field, value] of conditionsOf(where, 1)) {
    conditions++;
    if (conditions > CONDITIONS_AT_MOST) {
      throw tooLarge(`has more than ${CONDITIONS_AT_MOST} conditions`);
    }
    if (!CONNECTIVES.has(field)) assertFewValues(value);
  }
}

/** Every condition, each followed by those inside it. */
function* conditionsOf(part: object, depth: number): Generator<[string, object]> {
  if (depth > DEEP_AT_MOST) throw tooLarge(`is nested more than ${DEEP_AT_MOST} deep`);
  for (const [field, value] of Object.entries(part)) {
    if (value == null) continue;
    yield [field, value];
    const inside = CONNECTIVES.has(field) ? [value].flat() : [];
    for (const inner of inside) yield* conditionsOf(inner, depth + 1);
  }
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
    `It may be nested ${DEEP_AT_MOST} deep, with ${CONDITIONS_AT_MOST} conditions and lists of ${VALUES_AT_MOST} values; split it into several requests.`,
  );
}
