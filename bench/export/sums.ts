import type { DuckDBConnection } from '@duckdb/node-api';
import { withClient } from '../ingest/databases.js';

/** The exact columns of an entitlement. */
export const AMOUNTS = ['balance_at', 'share', 'claimable', 'claimed', 'expired'] as const;

/** Number of rows, and the exact sum of each amount. */
export type Sums = Readonly<Record<(typeof AMOUNTS)[number] | 'rows', bigint>>;

/** A file or a table has other rows than the database. */
class SumsDifferError extends Error {
  override readonly name = 'SumsDifferError';

  constructor(what: string, found: Sums, expected: Sums) {
    const text = (sums: Sums) =>
      Object.entries(sums)
        .map(([name, sum]) => `${name} ${sum}`)
        .join(', ');
    super(`${what} has ${text(found)}; the database ${text(expected)}`);
  }
}

/** Postgres sums without limit. */
export async function sumsOfDatabase(url: string, query: string): Promise<Sums> {
  return withClient(url, async (client) => {
    const columns = AMOUNTS.map((name) => `sum(${name}::numeric)::text AS ${name}`);
    const { rows } = await client.query<Record<string, string>>(
      `SELECT count(*)::text AS rows, ${columns.join(', ')} FROM (${query}) e`,
    );
    return sumsFrom((name) => BigInt(rows[0]?.[name] ?? 0));
  });
}

const DIGITS = 78;
const PART = 26;

/**
 * DuckDB's integers end at 38 digits: each amount is cut into three parts of 26, whose sums are
 * exact up to 10^12 rows.
 */
export async function sumsOfFile(duckdb: DuckDBConnection, source: string): Promise<Sums> {
  const parts = AMOUNTS.flatMap((name) => {
    const digits = `lpad(${name}, ${DIGITS}, '0')`;
    return [0, 1, 2].map(
      (part) =>
        `sum(${digits}[${part * PART + 1}:${(part + 1) * PART}]::HUGEINT)::VARCHAR AS ${name}_${part}`,
    );
  });
  const reader = await duckdb.runAndReadAll(
    `SELECT count(*)::VARCHAR AS rows, ${parts.join(', ')} FROM ${source}`,
  );
  const [row = {}] = reader.getRowObjectsJson() as Record<string, string | null>[];
  return sumsFrom((name) =>
    name === 'rows'
      ? BigInt(row.rows ?? 0)
      : [0, 1, 2].reduce(
          (sum, part) => sum * 10n ** BigInt(PART) + BigInt(row[`${name}_${part}`] ?? 0),
          0n,
        ),
  );
}

/** @throws SumsDifferError */
export function assertSums(what: string, found: Sums, expected: Sums): void {
  const names = ['rows', ...AMOUNTS] as const;
  if (names.some((name) => found[name] !== expected[name])) {
    throw new SumsDifferError(what, found, expected);
  }
}

function sumsFrom(of: (name: keyof Sums) => bigint): Sums {
  return {
    rows: of('rows'),
    balance_at: of('balance_at'),
    share: of('share'),
    claimable: of('claimable'),
    claimed: of('claimed'),
    expired: of('expired'),
  };
}
