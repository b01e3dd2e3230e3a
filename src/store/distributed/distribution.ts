import type { QueryConfig, QueryResultRow } from 'pg';
import { ImoError } from '../../errors.js';
import type { SqlClient } from '../database/sqlClient.js';
import { TABLE_KINDS, type TableKind } from './tableKinds.js';

/** What answers a statement: a connection, or the reads of a request. */
interface Queryable {
  query<Row extends QueryResultRow>(
    statement: QueryConfig<unknown[]>,
  ): Promise<{ readonly rows: Row[] }>;
}

/** How a cluster keeps the tables. */
export interface Distribution {
  /** Shards of each distributed table. */
  readonly shards: number;
  /** Nodes that have shards. */
  readonly nodes: number;
  /** Bytes of the distributed tables on all nodes, with their indexes. */
  readonly bytes: number;
  /** Tables that are not kept as this program declares. */
  readonly missing: readonly string[];
}

/** Whether the database is distributed. One look into the catalogue; PostgreSQL without Citus answers `false`. */
export async function isDistributed(db: Queryable): Promise<boolean> {
  if (!(await hasCitus(db))) return false;
  return [...(await readKinds(db)).values()].includes('distributed');
}

/** Whether the extension is in this database. */
export async function hasCitus(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ has_citus: boolean }>({
    text: `SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS has_citus`,
  });
  return rows[0]?.has_citus === true;
}

/** How the cluster keeps the tables that it knows. */
export async function readKinds(db: Queryable): Promise<Map<string, TableKind>> {
  const { rows } = await db.query<{ name: string; kind: TableKind }>({
    text: `SELECT c.relname AS name,
       CASE p.partmethod WHEN 'h' THEN 'distributed' ELSE CASE p.repmodel WHEN 't' THEN 'reference' ELSE 'local' END END AS kind
     FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid
     WHERE c.relnamespace = current_schema()::regnamespace`,
  });
  return new Map(rows.map(({ name, kind }) => [name, kind]));
}

/** Tables whose kind is not the declared one yet, in the order of their names. */
export function differingTables(kinds: ReadonlyMap<string, TableKind>): string[] {
  return [...TABLE_KINDS].flatMap(([name, kind]) => {
    return (kinds.get(name) ?? 'local') === kind ? [] : [name];
  });
}

/** `null`: the database is not distributed. */
export async function readDistribution(db: SqlClient): Promise<Distribution | null> {
  if (!(await isDistributed(db))) return null;
  const { rows } = await db.query<{ shards: number; nodes: number; bytes: number }>(
    `SELECT count(DISTINCT shardid) FILTER (WHERE table_name = 'transfer'::regclass)::integer AS shards,
       count(DISTINCT (nodename, nodeport))::integer AS nodes, coalesce(sum(shard_size), 0)::bigint AS bytes
     FROM citus_shards WHERE citus_table_type = 'distributed'`,
  );
  const { shards = 0, nodes = 0, bytes = 0 } = rows[0] ?? {};
  return { shards, nodes, bytes, missing: differingTables(await readKinds(db)) };
}

/** @throws ImoError `DATABASE_DISTRIBUTED` for what cannot be done with a distributed database */
export async function refuseDistributed(db: SqlClient, what: string, hint: string): Promise<void> {
  if (!(await isDistributed(db))) return;
  throw new ImoError(
    'DATABASE_DISTRIBUTED',
    `${what} does not work here: the large tables are distributed over a Citus cluster`,
    hint,
  );
}

/** Instead of what works on the partitions of one server. */
export const SHARDS_HINT =
  'Citus moves shards between its nodes: `citus_rebalance_start()`, `citus_move_shard_placement()` (docs/storage.md).';
