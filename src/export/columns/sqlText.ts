import type { Address } from '../../address.js';
import { type Rate, UINT256_MAX } from '../../ledger/rate.js';
import { escapeLiteral } from '../../store/database/postgres.js';

/**
 * COPY takes no parameters, so the text of an export's query contains values. Each goes through
 * one of these functions; no outside value gets there in another way.
 */

export function textLiteral(text: string): string {
  return escapeLiteral(text);
}

export function integerLiteral(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number`);
  return String(value);
}

export function addressLiteral(address: Address): string {
  if (!/^0x[0-9a-f]{40}$/.test(address)) throw new RangeError(`${address} is not an address`);
  return `'\\x${address.slice(2)}'::bytea`;
}

export function timeLiteral(time: Date): string {
  return `'${time.toISOString()}'::timestamptz`;
}

/** Bytes as lower-case hex with 0x; `NULL` stays `NULL`. */
export function hexText(column: string): string {
  return `'0x' || encode(${column}, 'hex')`;
}

/** A time in UTC, ISO 8601, to the second: blocks have no finer time. */
export function timeText(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
}

/** `partOf` of the ledger, for a whole column: `amount * numerator // denominator`. */
export function partText(amount: string, numerator: string, denominator: string): string {
  return `div(${amount} * ${numerator}, ${denominator})`;
}

/** `checkedPartOf` of the ledger, with 0 where a contract reverts. */
export function checkedPartText(amount: string, numerator: string, denominator: string): string {
  return `CASE WHEN ${amount} * ${numerator} <= ${UINT256_MAX}
    THEN ${partText(amount, numerator, denominator)} ELSE 0 END`;
}

/** Numerator and denominator of a rate, as two values of a row. */
export function rateLiterals({ numerator, denominator }: Rate): [string, string] {
  return [`${numerator}::numeric`, `${denominator}::numeric`];
}

/**
 * A table of literals: `name(columns) AS (VALUES …)`, for WITH. Postgres takes no empty VALUES,
 * so a table without rows is an empty selection of the given types.
 */
export function literalTable(
  name: string,
  columns: Readonly<Record<string, string>>,
  rows: readonly (readonly string[])[],
): string {
  const names = Object.keys(columns).join(', ');
  if (rows.length === 0) {
    const nothing = Object.values(columns).map((type) => `NULL::${type}`);
    return `${name}(${names}) AS (SELECT ${nothing.join(', ')} WHERE false)`;
  }
  const types = Object.values(columns);
  const lines = rows.map((row, index) =>
    // The types of the first row are those of all.
    index === 0
      ? `(${row.map((value, at) => `${value}::${types[at]}`).join(', ')})`
      : `(${row.join(', ')})`,
  );
  return `${name}(${names}) AS MATERIALIZED (VALUES ${lines.join(',\n')})`;
}
