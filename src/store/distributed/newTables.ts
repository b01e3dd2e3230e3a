import { ImoError } from '../../errors.js';
import { MIGRATION_LOCK } from '../database/knownMigrations.js';
import { migrate } from '../database/migrate.js';
import { connectClient } from '../database/postgres.js';
import { giveTable, tablesToGive } from './distributeTables.js';
import { differingTables, isDistributed, readKinds } from './distribution.js';

/**
 * Brings the schema up to date, and gives a cluster the new tables, which are empty. Indexers that run do not know them.
 *
 * @returns the names of the migrations that ran
 * @throws ImoError those of `migrate`; `DISTRIBUTE_UNFINISHED`
 */
export async function migrateEverywhere(url: string): Promise<string[]> {
  const names = await migrate(url);
  await distributeNewTables(url);
  return names;
}

/**
 * Gives the tables to the cluster that are not kept as declared, if they are empty. Does nothing without a cluster.
 *
 * @throws ImoError `DISTRIBUTE_UNFINISHED` if such a table has rows
 */
async function distributeNewTables(url: string): Promise<void> {
  const client = await connectClient({
    connectionString: url,
    application_name: 'imo-ledger distribute',
  });
  try {
    if (!(await isDistributed(client))) return;
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const tables = await tablesToGive(client);
    const { rows } = await client.query<{ name: string }>(
      'SELECT name FROM unnest($1::text[]) AS name WHERE pg_relation_size(name::regclass) > 0',
      [tables.map(({ name }) => name)],
    );
    if (rows.length > 0) throw unfinished(rows.map(({ name }) => name));
    for (const table of tables) await giveTable(client, table, null);
  } finally {
    await client.end();
  }
}

/** @throws ImoError `DISTRIBUTE_UNFINISHED` if a cluster keeps some tables as declared and others not */
export async function assertDistributed(url: string): Promise<void> {
  const client = await connectClient({ connectionString: url });
  try {
    if (!(await isDistributed(client))) return;
    const missing = differingTables(await readKinds(client));
    if (missing.length > 0) throw unfinished(missing);
  } finally {
    await client.end();
  }
}

function unfinished(tables: readonly string[]): ImoError {
  return new ImoError(
    'DISTRIBUTE_UNFINISHED',
    `the large tables are distributed over a Citus cluster, but not yet ${tables.join(', ')}`,
    'Run `imo-ledger migrate --distributed`: it continues.',
  );
}
