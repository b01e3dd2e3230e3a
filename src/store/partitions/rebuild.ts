import type { DatabaseClient } from '../database/postgres.js';
import type { NewPartition } from './addPartition.js';
import type { NumberRange, PartitionedTable } from './partitions.js';

/** A range, and the tablespace of its partition; `null`: the default of the database. */
export type PlacedRange = NumberRange & Pick<NewPartition, 'tablespace'>;

/** Rows that get other partitions: those of a plain table, or of a partition. */
export interface Rebuild {
  readonly table: PartitionedTable;
  /** The plain table itself, or one partition of the table. */
  readonly source: string;
  readonly ranges: readonly PlacedRange[];
  readonly numbersEach: number;
}

/** The sessions of a rebuild. */
export interface RebuildSessions {
  /** Copies rows and makes indexes, in many transactions. */
  readonly worker: DatabaseClient;
  /** Keeps writers from the source in one transaction, and ends with the swap. */
  readonly guard: DatabaseClient;
}

/** The table that has the new partitions until they replace the source. */
export function stagingOf(table: PartitionedTable): string {
  return `${table}__staging`;
}
