import type { QueryResultRow } from 'pg';
import type { Direction } from '../operations/operation.js';
import { whereAll } from '../operations/operationSelect.js';
import type { Queryable } from './queryable.js';
import { Parameters, readComposedRows } from './statement.js';
import { type Where, type WhereColumns, whereConditions } from './where.js';

/** The owner of versions: a token has owners and contents, a request has results. */
export interface VersionedKey {
  /** Number of the contract that the rows belong to. */
  readonly contractNumber: number;
  /** The id of the token or request. */
  readonly id: bigint;
  /** Row ids between which its versions are, without the first one. */
  readonly low: string;
  readonly high: string;
}

/** A table with the versions of something, in the order of their row ids. */
export interface VersionTable<
  Columns extends QueryResultRow,
  Version extends { readonly id: string },
  Values extends object,
> {
  readonly name: string;
  /** Columns of the table `o`. */
  readonly columns: string;
  /** An index has these two columns and the row id. */
  readonly contractColumn: string;
  readonly idColumn: string;
  /** The fields that its rows can be filtered by. */
  readonly where: WhereColumns<Values>;
  decode(columns: Columns): Version;
}

/** Which of the versions. */
export interface VersionQuery<Values extends object> {
  readonly where?: Where<Values> | null;
  /** The direction of reading. */
  readonly direction: Direction;
  /** Only versions after this row id; `null`: from the end of the list. */
  readonly start: string | null;
  /** `null`: all of them. */
  readonly limit: number | null;
}

/** The first versions of each key, in the order of the keys; one statement. */
export async function readVersions<
  Columns extends QueryResultRow,
  Version extends { readonly id: string },
  Values extends object,
>(
  db: Queryable,
  table: VersionTable<Columns, Version, Values>,
  keys: readonly VersionedKey[],
  { where, direction, start, limit }: VersionQuery<Values>,
): Promise<Version[][]> {
  const parameters = new Parameters();
  const conditions = conditionsOf(table, where, parameters);
  if (start !== null) {
    conditions.push(`o.id ${direction === 'ASC' ? '>' : '<'} ${parameters.add(start)}`);
  }
  const rows = await readComposedRows<Columns & { readonly ordinal: number }>(
    db,
    `${table.name}_versions`,
    `SELECT k.ordinal, ${table.columns}
     FROM ${keyItems(keys, parameters)}
     CROSS JOIN LATERAL (
       SELECT o.* FROM ${table.name} o ${whereAll(conditions)}
       ORDER BY o.id ${direction} LIMIT ${parameters.add(limit)}
     ) o
     ORDER BY k.ordinal, o.id ${direction}`,
    parameters,
  );
  const versions: Version[][] = keys.map(() => []);
  for (const row of rows) versions[Number(row.ordinal) - 1]?.push(table.decode(row));
  return versions;
}

/** How many versions each key has. Reads all of them. */
export async function countVersions<
  Columns extends QueryResultRow,
  Version extends { readonly id: string },
  Values extends object,
>(
  db: Queryable,
  table: VersionTable<Columns, Version, Values>,
  keys: readonly VersionedKey[],
  where: Where<Values> | null | undefined,
): Promise<number[]> {
  const parameters = new Parameters();
  const conditions = conditionsOf(table, where, parameters);
  const rows = await readComposedRows<{ readonly count: string }>(
    db,
    `${table.name}_version_count`,
    `SELECT (SELECT count(*) FROM ${table.name} o ${whereAll(conditions)}) AS count
     FROM ${keyItems(keys, parameters)} ORDER BY k.ordinal`,
    parameters,
  );
  return rows.map(({ count }) => Number(count));
}

function conditionsOf<
  Columns extends QueryResultRow,
  Version extends { readonly id: string },
  Values extends object,
>(
  table: VersionTable<Columns, Version, Values>,
  where: Where<Values> | null | undefined,
  parameters: Parameters,
): string[] {
  return [
    `o.${table.contractColumn} = k.contract_number`,
    `o.${table.idColumn} = k.id`,
    'o.id > k.low',
    'o.id <= k.high',
    ...whereConditions(where, table.where, parameters),
  ];
}

function keyItems(keys: readonly VersionedKey[], parameters: Parameters): string {
  const columns = [
    `${parameters.add(keys.map(({ contractNumber }) => contractNumber))}::integer[]`,
    `${parameters.add(keys.map(({ id }) => String(id)))}::numeric[]`,
    `${parameters.add(keys.map(({ low }) => low))}::text[]`,
    `${parameters.add(keys.map(({ high }) => high))}::text[]`,
  ];
  return `unnest(${columns.join(', ')})
    WITH ORDINALITY AS k(contract_number, id, low, high, ordinal)`;
}
