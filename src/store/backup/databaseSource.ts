import type { Readable } from 'node:stream';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { ImoError } from '../../errors.js';
import { programVersion } from '../../programVersion.js';
import { connectClient } from '../database/postgres.js';
import { assertNothingDetached } from '../partitions/detached.js';
import type { CopyProgress, CopySource } from './copySource.js';
import type { ChainPoint, CopiedTable, CopyDescription } from './description.js';
import { RowMeter } from './rowMeter.js';
import { COPIED_TABLES } from './tables.js';

/** A database as a source: all rows as of one instant, also while `index` writes. */
export interface DatabaseSource extends CopySource {
  /** Of the table that was read last, once it is read. */
  counted(): { readonly rows: number; readonly bytes: number };
  close(): Promise<void>;
}

/**
 * Opens a snapshot of a database (REPEATABLE READ). Other programs read and write meanwhile; only changes
 * of the schema wait until it is closed.
 *
 * @throws the errors of the driver
 */
export async function openDatabaseSource(
  url: string,
  onProgress: (progress: CopyProgress) => void,
): Promise<DatabaseSource> {
  const client = await connectClient({
    connectionString: url,
    application_name: 'imo-ledger backup',
  });
  try {
    await assertNothingDetached(client, 'a backup would lack rows');
    const names = (await readColumns(client)).map(({ name }) => `"${name}"`).join(', ');
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // Before the snapshot is taken: a table that a migration rewrites later would look empty in it.
    await client.query(`LOCK TABLE ${names} IN ACCESS SHARE MODE`);
    const sizes = await readSizes(client);
    const description = await describe(client);
    return new Snapshot(client, description, sizes, onProgress);
  } catch (error) {
    await client.end();
    throw error;
  }
}

class Snapshot implements DatabaseSource {
  private before = 0;
  private meter = new RowMeter();

  constructor(
    private readonly client: pg.Client,
    readonly description: CopyDescription,
    private readonly sizes: ReadonlyMap<string, number>,
    private readonly onProgress: (progress: CopyProgress) => void,
  ) {}

  async read(table: CopiedTable): Promise<Readable> {
    const size = this.sizes.get(table.name) ?? 0;
    const { before } = this;
    const total = [...this.sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
    // Rows as text are about as long as on disk.
    const meter = new RowMeter((bytes) =>
      this.onProgress({ table: table.name, done: before + Math.min(bytes, size), total }),
    );
    this.meter = meter;
    this.before += size;
    const columns = table.columns.map((column) => `"${column}"`).join(', ');
    const rows = this.client.query(
      // A partitioned table has no rows of its own: only a query reads those of its partitions.
      copyTo(`COPY (SELECT ${columns} FROM "${table.name}") TO STDOUT (ENCODING 'UTF8')`),
    );
    rows.once('error', (error: Error) => meter.destroy(error));
    meter.once('close', () => rows.destroy());
    return rows.pipe(meter);
  }

  counted(): { rows: number; bytes: number } {
    const { rows, bytes } = this.meter;
    return { rows, bytes };
  }

  assertComplete(table: CopiedTable, rowsWritten: number): void {
    if (rowsWritten === this.meter.rows) return;
    throw new ImoError(
      'COPY_INCOMPLETE',
      `${rowsWritten} of ${this.meter.rows} rows of ${table.name} were written`,
      'Nothing is changed. Run the command again, and report it if it happens again.',
    );
  }

  /** Ends a COPY that nobody reads any more, too: the server notices that the connection is gone. */
  async close(): Promise<void> {
    this.client.connection.stream.destroy();
  }
}

async function readColumns(client: pg.Client): Promise<CopiedTable[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `SELECT t.table_name::text AS name,
       array_agg(c.column_name::text ORDER BY c.ordinal_position) AS columns
     FROM information_schema.tables t
     JOIN information_schema.columns c USING (table_schema, table_name)
     WHERE t.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
       AND t.table_name = ANY ($1)
     GROUP BY t.table_name ORDER BY array_position($1::text[], t.table_name::text)`,
    [COPIED_TABLES],
  );
  return rows;
}

/** Bytes on disk by table. */
async function readSizes(client: pg.Client): Promise<Map<string, number>> {
  const { rows } = await client.query<{ name: string; bytes: number }>(
    `SELECT name, coalesce(
       (SELECT sum(pg_table_size(relid)) FROM pg_partition_tree(to_regclass(name)) WHERE isleaf),
       pg_table_size(to_regclass(name)))::bigint AS bytes
     FROM unnest($1::text[]) AS name`,
    [COPIED_TABLES],
  );
  return new Map(rows.map(({ name, bytes }) => [name, bytes ?? 0]));
}

async function describe(client: pg.Client): Promise<CopyDescription> {
  const { rows: migrations } = await client.query<{ name: string }>(
    'SELECT name FROM migrations ORDER BY id',
  );
  const { rows: indexes } = await client.query<{ name: string }>(
    `SELECT d.name FROM deferred_index d JOIN pg_index i ON i.indexrelid = to_regclass(d.name)
     WHERE i.indisvalid ORDER BY d.name`,
  );
  const { rows: server } = await client.query<{ version: string }>(
    `SELECT current_setting('server_version') AS version`,
  );
  return {
    programVersion: programVersion(),
    serverVersion: server[0]?.version ?? '',
    migrations: migrations.map(({ name }) => name),
    indexes: indexes.map(({ name }) => name),
    chains: await readChains(client),
    tables: await readColumns(client),
  };
}

async function readChains(client: pg.Client): Promise<ChainPoint[]> {
  const { rows } = await client.query<ChainPoint>(
    `SELECT c.chain_id AS "chainId", c.height AS block, '0x' || encode(c.hash, 'hex') AS "blockHash",
       c.finalized_height AS "finalBlock",
       CASE WHEN h.height IS NOT NULL THEN
         json_build_object('block', h.height, 'hash', '0x' || encode(h.hash, 'hex'))
       END AS "ledgerHash"
     FROM chain_cursor c LEFT JOIN hash_cursor h USING (chain_id)
     WHERE c.chain_id > 0 ORDER BY c.chain_id`,
  );
  return rows;
}
