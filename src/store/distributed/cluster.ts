import { ImoError } from '../../errors.js';
import { connectClient } from '../database/postgres.js';
import type { SqlClient } from '../database/sqlClient.js';
import { hasCitus } from './distribution.js';

/** What the administrator of a cluster runs in a new database. */
const PREPARE =
  'On the coordinator and on every worker: CREATE EXTENSION citus in a database of this name. On the coordinator: ' +
  'SELECT citus_set_coordinator_host(…), then SELECT citus_add_node(…) for each worker (docs/storage.md).';

/**
 * Checks that the database is that of a coordinator with workers.
 *
 * @returns the number of nodes that may have shards
 * @throws ImoError `CITUS_MISSING`, `CITUS_WORKER`, `CITUS_WITHOUT_NODES`
 */
export async function assertCluster(db: SqlClient): Promise<number> {
  const { rows: places } = await db.query<{ name: string }>('SELECT current_database() AS name');
  const name = places[0]?.name ?? '';
  if (!(await hasCitus(db))) {
    throw new ImoError(
      'CITUS_MISSING',
      `the database ${name} does not have the extension citus`,
      `${PREPARE} PostgreSQL without Citus needs no distribution: \`imo-ledger migrate --partitions\` divides its tables.`,
    );
  }
  const { rows } = await db.query<{ is_coordinator: boolean; nodes: number }>(
    `SELECT citus_is_coordinator() AS is_coordinator,
       (SELECT count(*) FROM pg_dist_node
        WHERE isactive AND shouldhaveshards AND noderole = 'primary')::integer AS nodes`,
  );
  const { is_coordinator: isCoordinator = false, nodes = 0 } = rows[0] ?? {};
  if (nodes === 0) {
    throw new ImoError('CITUS_WITHOUT_NODES', `no node of ${name} may have shards`, PREPARE);
  }
  if (isCoordinator) return nodes;
  throw new ImoError(
    'CITUS_WORKER',
    `${name} is the database of a worker`,
    'Name the coordinator in DATABASE_URL.',
  );
}

/** The same on a connection of its own, before anything is written. */
export async function assertClusterAt(url: string): Promise<void> {
  const client = await connectClient({ connectionString: url });
  try {
    await assertCluster(client);
  } finally {
    await client.end();
  }
}
