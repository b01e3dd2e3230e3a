import { migrate } from '../../../src/store/database/migrate.js';
import { distributeTables } from '../../../src/store/distributed/distributeTables.js';
import { query } from '../query.js';
import { TEMPLATE_DATABASE, withDatabase } from './templateDatabase.js';

/** The coordinator of a Citus cluster on which tests make their databases; `null`: they use PostgreSQL alone. */
export const CITUS_URL = process.env.CITUS_URL ?? null;

/** Few shards: each has a table and its indexes. */
const SHARDS = 4;

/** URLs of the coordinator, which is the first, and of the workers, each with the database of the URL. */
async function nodesOf(url: string): Promise<string[]> {
  const nodes = await query<{ host: string; port: number }>(
    url,
    `SELECT nodename AS host, nodeport AS port FROM pg_dist_node
     WHERE noderole = 'primary' AND isactive ORDER BY groupid <> 0, nodeport`,
  );
  return nodes.map(({ host, port }) => {
    const node = new URL(url);
    node.hostname = host;
    node.port = String(port);
    return node.href;
  });
}

/**
 * Makes a migrated and distributed database on every node, for copies.
 *
 * @param name default: the one that `freshDatabase()` copies
 */
export async function makeCitusTemplate(url: string, name = TEMPLATE_DATABASE): Promise<void> {
  const [coordinator = url, ...workers] = await nodesOf(url);
  for (const node of [coordinator, ...workers]) {
    await query(node, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await query(
      node,
      `CREATE DATABASE ${name} TEMPLATE template0 LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'`,
    );
    await query(withDatabase(node, name), 'CREATE EXTENSION citus');
  }
  const template = withDatabase(coordinator, name);
  const { hostname, port } = new URL(coordinator);
  await query(template, 'SELECT citus_set_coordinator_host($1, $2)', [hostname, Number(port)]);
  for (const worker of workers) {
    const { hostname: host, port: own } = new URL(worker);
    await query(template, 'SELECT citus_add_node($1, $2)', [host, Number(own)]);
  }
  await migrate(template);
  await distributeTables(template, {
    shards: SHARDS,
    signal: new AbortController().signal,
    onTable: () => undefined,
  });
  for (const node of [coordinator, ...workers]) await closeTemplate(node, name);
}

/** Nobody may be connected to what is copied, and Citus connects its own worker again. */
async function closeTemplate(node: string, name: string): Promise<void> {
  await query(node, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await query(node, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
    name,
  ]);
}

/** Runs a statement about databases on every node. */
export async function onEveryNode(url: string, statement: string): Promise<void> {
  for (const node of await nodesOf(url)) await query(node, statement);
}
