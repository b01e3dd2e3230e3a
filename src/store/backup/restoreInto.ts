import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { ImoError } from '../../errors.js';
import { describeDatabase } from '../database/connect.js';
import { inSchemaTransaction } from '../database/schemaTransaction.js';
import { refuseDistributed } from '../distributed/distribution.js';
import { PARTITIONED_TABLES } from '../partitions/partitions.js';
import { stagingOf } from '../partitions/rebuild.js';
import type { CopySource } from './copySource.js';
import { COPIED_TABLES, FILLED_BY_MIGRATIONS } from './tables.js';

const MIGRATIONS = 'migrations';

/** With what an unfinished `imo-ledger migrate --partitions` leaves. */
const OURS = new Set([...COPIED_TABLES, ...PARTITIONED_TABLES.map(stagingOf)]);

/**
 * Writes all rows of a source into an empty database, with the schema of the source, and then brings the
 * schema up to date. It is one transaction: whatever fails or ends it, nothing is changed.
 *
 * @returns how many rows were written
 * @throws ImoError `DATABASE_NOT_EMPTY`, `DATABASE_DISTRIBUTED`, and what the source fails with
 */
export async function restoreInto(
  url: string,
  source: CopySource,
  signal: AbortSignal,
): Promise<number> {
  return inSchemaTransaction(url, async ({ client, known, migrate }) => {
    await makeRoom(client, url);
    await migrate(source.description.migrations);
    let count = 0;
    for (const table of source.description.tables) {
      signal.throwIfAborted();
      const columns = table.columns.map((column) => `"${column}"`).join(', ');
      // What a migration has written is in the source too.
      if (table.name === FILLED_BY_MIGRATIONS) await client.query(`TRUNCATE "${table.name}"`);
      const target = client.query(
        copyFrom(`COPY "${table.name}" (${columns}) FROM STDIN (ENCODING 'UTF8')`),
      );
      await pipeline(await source.read(table), target, { signal });
      source.assertComplete(table, target.rowCount);
      count += target.rowCount;
    }
    await createIndexes(client, source.description.indexes);
    await migrate(known);
    await client.query('ANALYZE');
    return count;
  });
}

/**
 * Deletes the empty tables of `imo-ledger migrate`, so that the database has no table but those of extensions.
 *
 * @throws ImoError `DATABASE_DISTRIBUTED`; `DATABASE_NOT_EMPTY` for any table of others, or with a row
 */
async function makeRoom(client: pg.ClientBase, url: string): Promise<void> {
  await refuseDistributed(
    client,
    'a restore',
    'Name a new database of the cluster, then run `imo-ledger migrate --distributed`: it moves the rows to the nodes.',
  );
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT relname::text AS name FROM pg_class
     WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'f')
       AND NOT relispartition AND NOT EXISTS (
         SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e') ORDER BY relname`,
  );
  const names = tables.map(({ name }) => name);
  const foreign = names.find((name) => name !== MIGRATIONS && !OURS.has(name));
  if (foreign !== undefined) throw notEmpty(url, foreign);
  if (names.length === 0) return;
  const all = names.map((name) => `"${name}"`).join(', ');
  await client.query(`LOCK TABLE ${all} IN ACCESS EXCLUSIVE MODE`);
  for (const name of names.filter((table) => ![MIGRATIONS, FILLED_BY_MIGRATIONS].includes(table))) {
    const { rowCount } = await client.query(`SELECT FROM "${name}" LIMIT 1`);
    if (rowCount !== 0) throw notEmpty(url, name);
  }
  await client.query(`DROP TABLE ${all}`);
}

/** Those that `index` makes after its backfill, as the source had them. */
async function createIndexes(client: pg.ClientBase, names: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string; columns: string }>(
    'SELECT name, columns FROM deferred_index WHERE name = ANY ($1) ORDER BY name',
    [names],
  );
  for (const { name, columns } of rows) {
    // Both come from a migration.
    await client.query(`CREATE INDEX ${name} ON ${columns}`);
  }
}

function notEmpty(url: string, table: string): ImoError {
  return new ImoError(
    'DATABASE_NOT_EMPTY',
    `the database ${describeDatabase(url)} is not empty: it has the table ${table}${
      COPIED_TABLES.includes(table) ? ' with rows' : ''
    }`,
    'Nothing is changed. Name an empty database: a new one with DATABASE_URL or --to, or a new folder with IMO_LEDGER_DATA.',
  );
}
