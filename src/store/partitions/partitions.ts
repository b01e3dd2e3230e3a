import type { SqlClient } from '../database/sqlClient.js';

/** The tables that grow with transfers, payments and holders. Each has the column `token_number`. */
export const PARTITIONED_TABLES = [
  'transfer',
  'balance_checkpoint',
  'holder',
  'receipt',
  'claim',
  'redemption',
  'journal_entry',
  'posting',
] as const;

export type PartitionedTable = (typeof PARTITIONED_TABLES)[number];

/** Numbers of tokens, and of the assets that they share. */
export interface NumberRange {
  readonly from: number;
  /** The first number behind the range. */
  readonly to: number;
}

/** A part of a large table. */
export interface Partition extends NumberRange {
  /** Of its table in the database. */
  readonly name: string;
}

const BOUND = /FROM \('?(-?\d+)'?\) TO \('?(-?\d+)'?\)/;

/** The partitions of a table in the order of their numbers; of a plain table, none. */
export async function readPartitions(db: SqlClient, table: string): Promise<Partition[]> {
  const { rows } = await db.query<{ name: string; bound: string }>(
    `SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = to_regclass($1)`,
    [table],
  );
  return rows
    .map(({ name, bound }) => {
      const [, from = '', to = ''] = BOUND.exec(bound) ?? [];
      return { name, from: Number(from), to: Number(to) };
    })
    .toSorted((a, b) => a.from - b.from);
}

/** Which of the large tables are partitioned. */
export async function readPartitionedTables(db: SqlClient): Promise<PartitionedTable[]> {
  const { rows } = await db.query<{ name: PartitionedTable }>(
    `SELECT name FROM unnest($1::text[]) WITH ORDINALITY AS known (name, place)
     JOIN pg_class c ON c.oid = to_regclass(name) WHERE c.relkind = 'p' ORDER BY place`,
    [PARTITIONED_TABLES],
  );
  return rows.map(({ name }) => name);
}

/** The usual range of a number, where each has so many. */
export function usualRange(number: number, numbersEach: number): NumberRange {
  const from = Math.floor((number - 1) / numbersEach) * numbersEach + 1;
  return { from, to: from + numbersEach };
}

/**
 * The range that a partition of its own gives a number: the usual one, without what others have.
 * `null`: it has one.
 */
export function missingRange(
  number: number,
  numbersEach: number,
  taken: readonly NumberRange[],
): NumberRange | null {
  const usual = usualRange(number, numbersEach);
  let { from, to } = usual;
  for (const other of taken) {
    if (other.from <= number && number < other.to) return null;
    if (other.to <= number) from = Math.max(from, other.to);
    else to = Math.min(to, other.from);
  }
  return { from, to };
}
