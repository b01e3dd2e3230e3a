import type { SqlClient } from '../database/sqlClient.js';
import type { NumberRange, PartitionedTable } from './partitions.js';

/** As the migrations make them; `LIKE` does not copy them. */
const OPTIONS: Partial<Record<PartitionedTable, string>> = { holder: 'fillfactor = 80' };

/** Where and under which table a new partition is made. */
export interface NewPartition {
  readonly table: PartitionedTable;
  /** The partitioned table itself, or one that is to replace it. */
  readonly parent: string;
  readonly range: NumberRange;
  /** `null`: the default of the database. */
  readonly tablespace: string | null;
}

/**
 * Makes an empty partition, in the caller's transaction. Readers and writers of the table do not
 * wait: `ATTACH` lets them through, where `CREATE TABLE … PARTITION OF` does not.
 *
 * @returns its name
 */
export async function addPartition(
  db: SqlClient,
  { table, parent, range, tablespace }: NewPartition,
): Promise<string> {
  const { from, to } = range;
  const name = await freeName(db, `${table}_p${from}${to === from + 1 ? '' : `_${to - 1}`}`);
  const options = OPTIONS[table] === undefined ? '' : ` WITH (${OPTIONS[table]})`;
  const place = tablespace === null ? '' : ` TABLESPACE ${quoted(tablespace)}`;
  // The check spares a look at every row when the partition is attached again.
  await db.query(`CREATE TABLE ${name} (
      LIKE ${parent} INCLUDING ALL EXCLUDING INDEXES EXCLUDING CONSTRAINTS,
      CONSTRAINT ${name}_numbers CHECK (token_number >= ${from} AND token_number < ${to})
    )${options}${place}`);
  await db.query(
    `ALTER TABLE ${parent} ATTACH PARTITION ${name} FOR VALUES FROM (${from}) TO (${to})`,
  );
  return name;
}

/** A name that no relation has: two partitions of one range exist while one replaces the other. */
async function freeName(db: SqlClient, wanted: string): Promise<string> {
  for (let copy = 1; ; copy++) {
    const name = copy === 1 ? wanted : `${wanted}_v${copy}`;
    const { rows } = await db.query<{ is_free: boolean }>(
      'SELECT to_regclass($1) IS NULL AS is_free',
      [name],
    );
    if (rows[0]?.is_free === true) return name;
  }
}

/** An identifier in SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
