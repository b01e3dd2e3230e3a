import { onTestFinished } from 'vitest';
import { grantReader } from '../../../src/store/database/readerRole.js';
import { eventually } from '../../support/eventually.js';
import { joinUpstream, listenAnywhere } from '../../support/nodes/joinedSockets.js';
import { query } from '../../support/query.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import type { Changes, SetUp, Trouble } from '../scene.js';

/** Statements that bring a trouble about, and those that end it. */
function change(statements: string, undo: string): Trouble['arrange'] {
  return async ({ databaseUrl }) => {
    await query(databaseUrl, statements);
    onTestFinished(async () => void (await query(databaseUrl, undo)));
    return {};
  };
}

/** Without an index until the test ends. */
function withoutIndex(name: string): Trouble['arrange'] {
  return async ({ databaseUrl }) => {
    const [made] = await query<{ text: string }>(
      databaseUrl,
      `SELECT pg_get_indexdef('${name}'::regclass) AS text`,
    );
    await query(databaseUrl, `DROP INDEX ${name}`);
    onTestFinished(async () => void (await query(databaseUrl, made?.text ?? '')));
    return {};
  };
}

function setting(name: string, value: string): Trouble['arrange'] {
  const set = async ({ server, databaseUrl }: SetUp, statement: string, wanted: string) => {
    await server.query(statement);
    await server.query('SELECT pg_reload_conf()');
    await eventually(async () => {
      const [now] = await query<{ value: string }>(
        databaseUrl,
        `SELECT current_setting('${name}') AS value`,
      );
      if (now?.value !== wanted) throw new Error(`${name} is still ${now?.value}`);
    });
  };
  return async (setUp) => {
    await set(setUp, `ALTER SYSTEM SET ${name} = '${value}'`, value);
    onTestFinished(() => set(setUp, `ALTER SYSTEM RESET ${name}`, 'on'));
    return {};
  };
}

/** A role that may only read, and whatever else a statement changes about it. */
function asReader(statement: string, undo: string): Trouble['arrange'] {
  return async ({ databaseUrl }): Promise<Changes> => {
    await grantReader(databaseUrl, 'reader', 'reader');
    await query(databaseUrl, statement);
    onTestFinished(async () => void (await query(databaseUrl, undo)));
    const url = new URL(databaseUrl);
    url.username = 'reader';
    url.password = 'reader';
    return { databaseUrl: url.href };
  };
}

/** The same server, which says that it is another version. */
async function ofVersion({ databaseUrl }: SetUp, version: string): Promise<string> {
  const [real] = await query<{ version: string }>(
    databaseUrl,
    "SELECT current_setting('server_version_num') AS version",
  );
  const url = new URL(databaseUrl);
  const target = Number(url.port);
  const { server, port } = await listenAnywhere();
  server.on('connection', (client) => {
    const upstream = joinUpstream(client, target, new Set());
    client.on('data', (bytes) => upstream.write(bytes));
    upstream.on('data', (bytes) => {
      const said = bytes.toString('latin1').replaceAll(real?.version ?? '', version);
      client.write(Buffer.from(said, 'latin1'));
    });
  });
  onTestFinished(() => void server.close());
  url.port = String(port);
  return url.href;
}

export const DATABASE_TROUBLES: readonly Trouble[] = [
  {
    name: 'no database in the folder of the embedded server',
    code: 'DATABASE_MISSING',
    async arrange() {
      return { env: { IMO_LEDGER_DATA: `${await temporaryFolder()}/none` } };
    },
  },
  {
    name: 'a database server that does not answer',
    code: 'DATABASE_UNUSABLE',
    arrange: async () => ({ databaseUrl: 'postgresql://me:secret@127.0.0.1:1/ledger' }),
  },
  {
    name: 'a server of a version that is too old',
    code: 'DATABASE_VERSION',
    arrange: async (setUp) => ({ databaseUrl: await ofVersion(setUp, '120022') }),
  },
  {
    name: 'a pending migration',
    code: 'DATABASE_SCHEMA_BEHIND',
    arrange: change(
      "DELETE FROM migrations WHERE name = 'SourceRanges1764970000000'",
      `INSERT INTO migrations ("timestamp", name) VALUES (1764970000000, 'SourceRanges1764970000000')`,
    ),
  },
  {
    name: 'a migration of a newer program',
    code: 'DATABASE_SCHEMA_NEWER',
    arrange: change(
      `INSERT INTO migrations ("timestamp", name) VALUES (9999999999999, 'Future9999999999999')`,
      "DELETE FROM migrations WHERE name = 'Future9999999999999'",
    ),
  },
  {
    name: 'a user that may only read',
    code: 'DATABASE_CANNOT_WRITE',
    arrange: asReader('SELECT', 'SELECT'),
  },
  {
    name: 'a user that may not read a table',
    code: 'DATABASE_CANNOT_READ',
    arrange: asReader('REVOKE SELECT ON posting FROM reader', 'SELECT'),
  },
  {
    name: 'a server that does not sync',
    code: 'DATABASE_UNSAFE',
    arrange: setting('fsync', 'off'),
  },
  {
    name: 'a server without autovacuum',
    code: 'DATABASE_SETTING',
    arrange: setting('autovacuum', 'off'),
  },
  {
    name: 'a missing index',
    code: 'DATABASE_INDEX_MISSING',
    arrange: withoutIndex('receipt_by_payer'),
  },
  {
    name: 'an index that is not valid',
    code: 'DATABASE_INDEX_MISSING',
    arrange: change(
      "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'receipt_by_payer'::regclass",
      "UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'receipt_by_payer'::regclass",
    ),
  },
  {
    name: 'an index that is made after the backfill',
    code: 'DATABASE_INDEX_PENDING',
    arrange: withoutIndex('transfer_by_amount'),
  },
  {
    name: 'a disk that is nearly full',
    code: 'DATABASE_DISK_LOW',
    arrange: async () => ({ freeBytesAtLeast: Number.MAX_SAFE_INTEGER }),
  },
];
