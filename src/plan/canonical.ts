/** A value that JSON carries exactly. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * The same value with the keys of every object in order, and without keys that have no value: equal
 * values have equal texts, also where only one of them has a key that is `null`. Lists keep their order.
 *
 * @throws TypeError for what JSON does not carry exactly
 */
export function canonical(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object') throw new TypeError(`${typeof value} is not a value of JSON`);
  const entries = Object.entries(value).filter(([, part]) => part !== undefined && part !== null);
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => compareTexts(a, b)).map(([key, part]) => [key, canonical(part)]),
  );
}

/** Whether two canonical values are the same. */
export function isSame(left: Json, right: Json): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** By code units: the same order on every machine. */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
