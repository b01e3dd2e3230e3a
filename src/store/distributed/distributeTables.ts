import { ImoError } from '../../errors.js';
import { assertWritable } from '../database/connect.js';
import { MIGRATION_LOCK } from '../database/knownMigrations.js';
import { connectClient, type DatabaseClient } from '../database/postgres.js';
import type { SqlClient } from '../database/sqlClient.js';
import { readPartitionedTables } from '../partitions/partitions.js';
import { keepIndexersAway } from '../partitions/writersAway.js';
import { assertCluster } from './cluster.js';
import { differingTables, readDistribution, readKinds } from './distribution.js';
import { DISTRIBUTED_BY, TABLE_KINDS, type TableKind } from './tableKinds.js';

/** One of the tables that a run gave to the cluster. */
export interface DistributedTable {
  readonly name: string;
  readonly kind: TableKind;
}

export interface DistributeOptions {
  /** Shards of each distributed table; `null`: what the cluster has as default (`citus.shard_count`). */
  readonly shards: number | null;
  readonly signal: AbortSignal;
  /** Called before a table is given to the cluster. */
  readonly onTable: (table: DistributedTable) => void;
}

export interface Distributed {
  /** What this run did; empty: all of it was done before. */
  readonly tables: readonly DistributedTable[];
  readonly shards: number;
  readonly nodes: number;
}

/**
 * Gives the tables to the Citus cluster of a database, each in a transaction of its own: those that are not yet
 * kept as `TABLE_KINDS` declares. A run that was interrupted is continued by the next one.
 *
 * @throws ImoError those of `assertCluster`; `CHAIN_LOCKED`, `DISTRIBUTE_PARTITIONED`, `DISTRIBUTE_SHARDS`,
 *   `DISTRIBUTE_STOPPED`
 */
export async function distributeTables(
  url: string,
  { shards, signal, onTable }: DistributeOptions,
): Promise<Distributed> {
  const client = await connectClient({
    connectionString: url,
    application_name: 'imo-ledger distribute',
  });
  try {
    await assertWritable(client);
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const nodes = await assertCluster(client);
    await refusePartitions(client);
    await keepIndexersAway(client);
    const tables = await tablesToGive(client);
    await refuseOtherShards(client, shards);
    for (const table of tables) {
      stopIfAsked(signal, table);
      onTable(table);
      await giveTable(client, table, shards);
    }
    const made = await readDistribution(client);
    return { tables, shards: made?.shards ?? 0, nodes };
  } finally {
    await client.end();
  }
}

/** The small tables first: what joins them works from the first distributed table on. */
export async function tablesToGive(db: SqlClient): Promise<DistributedTable[]> {
  const tables = differingTables(await readKinds(db)).map((name) => {
    return { name, kind: TABLE_KINDS.get(name) ?? 'local' };
  });
  const of = (wanted: TableKind) => tables.filter(({ kind }) => kind === wanted);
  return [...of('reference'), ...of('distributed')];
}

/** Gives one table to the cluster, in a transaction of its own. */
export async function giveTable(
  db: DatabaseClient,
  { name, kind }: DistributedTable,
  shards: number | null,
): Promise<void> {
  const first = await firstDistributed(db);
  await db.query('BEGIN');
  try {
    // Several tables change in one session; Citus would use several connections for one of them.
    await db.query(`SET LOCAL citus.multi_shard_modify_mode = 'sequential'`);
    await db.query(`SET LOCAL client_min_messages = 'error'`);
    if (kind === 'reference') await db.query('SELECT create_reference_table($1)', [name]);
    else if (first === null) {
      await db.query(
        `SELECT create_distributed_table($1, $2, colocate_with => 'none',
           shard_count => coalesce($3, current_setting('citus.shard_count')::integer))`,
        [name, DISTRIBUTED_BY, shards],
      );
    } else {
      await db.query('SELECT create_distributed_table($1, $2, colocate_with => $3)', [
        name,
        DISTRIBUTED_BY,
        first,
      ]);
    }
    await db.query('COMMIT');
  } catch (error) {
    await db.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
  // The coordinator has the rows of before, which nothing reads any more.
  await db.query('SELECT truncate_local_data_after_distributing_table($1)', [name]);
}

/** A table whose rows of an owner are where those of the next one have to be. */
async function firstDistributed(db: SqlClient): Promise<string | null> {
  for (const [name, kind] of await readKinds(db)) if (kind === 'distributed') return name;
  return null;
}

async function refusePartitions(db: SqlClient): Promise<void> {
  const tables = await readPartitionedTables(db);
  const { rowCount } = await db.query('SELECT FROM detached_token LIMIT 1');
  if (tables.length === 0 && rowCount === 0) return;
  const what =
    tables.length === 0 ? 'a token is detached' : `${tables.join(', ')} are partitioned already`;
  throw new ImoError(
    'DISTRIBUTE_PARTITIONED',
    `the tables cannot be distributed: ${what}`,
    'A backup restores plain tables: `imo-ledger backup`, then `imo-ledger restore` into a new database of the cluster, then `imo-ledger migrate --distributed`. Attach detached tokens before.',
  );
}

async function refuseOtherShards(db: SqlClient, wanted: number | null): Promise<void> {
  const now = await readDistribution(db);
  if (wanted === null || now === null || now.shards === wanted) return;
  throw new ImoError(
    'DISTRIBUTE_SHARDS',
    `the tables have ${now.shards} shards already, not ${wanted}`,
    `Leave the number out, or change it with Citus: SELECT alter_distributed_table('transfer', shard_count => ${wanted}, cascade_to_colocated => true).`,
  );
}

function stopIfAsked(signal: AbortSignal, { name }: DistributedTable): void {
  if (!signal.aborted) return;
  throw new ImoError(
    'DISTRIBUTE_STOPPED',
    `the command was stopped before the table ${name}`,
    'The tables before it are distributed. Run the command again: it continues with this one.',
  );
}
