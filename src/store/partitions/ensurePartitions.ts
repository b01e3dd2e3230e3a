import type { SqlClient } from '../database/sqlClient.js';
import { addPartition } from './addPartition.js';
import { readDetachedTokens } from './detached.js';
import { missingRange, type PartitionedTable, readPartitions } from './partitions.js';

/**
 * Makes the partitions of a new number, in the transaction that gives it. A partitioned table has no
 * default partition: a row without a partition is an error, never put aside.
 */
export async function ensurePartitions(db: SqlClient, number: number): Promise<void> {
  const { rows } = await db.query<{ table: PartitionedTable; numbers_each: number }>(
    `SELECT l.table_name AS table, l.numbers_each FROM partition_layout l
     JOIN pg_class c ON c.oid = to_regclass(l.table_name)
     WHERE c.relkind = 'p' ORDER BY l.table_name`,
  );
  if (rows.length === 0) return;
  // They come back one day.
  const detached = (await readDetachedTokens(db)).flatMap(({ partitions }) => partitions);
  for (const { table, numbers_each } of rows) {
    const taken = [
      ...(await readPartitions(db, table)),
      ...detached.filter((partition) => partition.table === table),
    ];
    const range = missingRange(number, numbers_each, taken);
    if (range !== null) {
      await addPartition(db, { table, parent: table, range, tablespace: null });
    }
  }
}
