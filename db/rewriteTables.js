/**
 * Gives large tables other types of columns and another primary key while readers read them. ALTER TABLE writes a
 * table again under a lock for which every reader waits.
 *
 * The rows are copied into a new table that gets the name of the old one in a short transaction. Each table is
 * replaced by itself: what ends a run leaves whole tables, the old or the new one, and the next run continues with the
 * old ones. Writers wait meanwhile.
 */
import { setTimeout as delay } from 'node:timers/promises';

/** Tables of so many bytes together are changed in place: readers wait for a fraction of a second. */
const IN_PLACE_BYTES = 4_194_304;
/** Readers who come while we wait for the lock wait so long at most. Then they go first, and we try again. */
const LOCK_WITHIN_MS = 200;
const PAUSE_MS = 150;
/** PostgreSQL: `lock_timeout` is over. */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * @typedef {object} Rewrite
 * @property {string} table
 * @property {Record<string, string>} types new types, by column
 * @property {string | null} key columns of the new primary key; `null`: it stays
 * @property {Record<string, string>} values SQL of the new value, by column, where it changes
 */

/**
 * Rewrites tables: the large ones by a copy, the others by `alter`. If there are large ones, it commits after each
 * table, so that readers wait for one at a time, and leaves the migration in a new transaction.
 *
 * @param db the query runner of a migration that has changed nothing yet
 * @param {readonly Rewrite[]} rewrites those that an earlier run did are left out
 * @param {(rewrite: Rewrite) => Promise<void>} alter changes a small table in place
 */
export async function rewriteTables(db, rewrites, alter) {
  const pending = await pendingRewrites(db, rewrites);
  const large = await largeTables(
    db,
    pending.map(({ table }) => table),
  );
  if (large.size === 0) {
    for (const rewrite of pending) await alter(rewrite);
    return;
  }
  await db.commitTransaction();
  const worker = db.connection.createQueryRunner();
  try {
    for (const rewrite of pending) {
      const { table } = rewrite;
      if (large.has(table)) await inTransaction(db, () => rewriteTable(db, worker, rewrite));
      else
        await inTransaction(db, async () => {
          await lockSoon(db, table);
          await alter(rewrite);
        });
    }
  } finally {
    await worker.release();
  }
  await db.startTransaction();
}

async function inTransaction(db, work) {
  await db.startTransaction();
  try {
    await work();
    await db.commitTransaction();
  } catch (error) {
    await db.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}

/** Changes a table with few rows, in the transaction of the migration. */
export async function alterInPlace(db, { table, types, key }) {
  const changes = Object.entries(types).map(([name, type]) => `ALTER COLUMN ${name} TYPE ${type}`);
  // One statement: the table is written once.
  const keys =
    key === null ? [[], []] : [[`DROP CONSTRAINT ${table}_pkey`], [`ADD PRIMARY KEY (${key})`]];
  await db.query(`ALTER TABLE ${table} ${[...keys[0], ...changes, ...keys[1]].join(', ')}`);
}

/** Those of which a column has another type. */
async function pendingRewrites(db, rewrites) {
  const rows = await db.query(
    `SELECT c.relname AS "table", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE a.attrelid = ANY (SELECT to_regclass(name) FROM unnest($1::text[]) AS name)`,
    [rewrites.map(({ table }) => table)],
  );
  const typeOf = new Map(rows.map(({ table, name, type }) => [`${table} ${name}`, type]));
  return rewrites.filter(({ table, types }) =>
    Object.entries(types).some(([name, type]) => typeOf.get(`${table} ${name}`) !== type),
  );
}

/**
 * All but the smallest tables. A table with something that a copy would lose is none of them: views, triggers,
 * policies, references, publications, rights to columns, or a place on the disk of its own.
 */
async function largeTables(db, tables) {
  const rows = await db.query(
    `SELECT name FROM (
       SELECT c.oid, c.relname AS name, sum(pg_relation_size(c.oid)) OVER (
         ORDER BY pg_relation_size(c.oid), c.relname) AS bytes
       FROM pg_class c
       WHERE c.oid = ANY (SELECT to_regclass(name) FROM unnest($1::text[]) AS name)
         AND c.relkind = 'r' AND NOT c.relispartition AND NOT c.relrowsecurity
         AND c.reltablespace = 0 AND c.relreplident = 'd'
     ) AS sized
     WHERE bytes > $2
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid = sized.oid)
       AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = sized.oid)
       AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = sized.oid)
       AND NOT EXISTS (SELECT FROM pg_publication_rel p WHERE p.prrelid = sized.oid)
       AND NOT EXISTS (SELECT FROM pg_inherits i WHERE sized.oid IN (i.inhrelid, i.inhparent))
       AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = sized.oid AND a.attacl IS NOT NULL)
       AND NOT EXISTS (SELECT FROM pg_constraint k WHERE sized.oid IN (k.conrelid, k.confrelid) AND k.contype IN ('f', 'x'))`,
    [tables, IN_PLACE_BYTES],
  );
  return new Set(rows.map(({ name }) => name));
}

/**
 * @param guard keeps writers away in one transaction, which ends with the swap
 * @param worker copies, in transactions of its own
 */
async function rewriteTable(guard, worker, rewrite) {
  const { table } = rewrite;
  const copy = `${table}__copy`;
  await guard.query(`LOCK TABLE ${table} IN SHARE MODE`);
  await copyRows(worker, copy, rewrite);
  const names = await makeIndexes(worker, copy, rewrite);
  await worker.query(`ANALYZE ${copy}`);
  await waitForOldSnapshots(worker, copy);
  await swap(guard, table, copy, names);
}

async function copyRows(worker, copy, { table, types, values }) {
  const [{ columns, options }] = await worker.query(
    `SELECT array_to_string(c.reloptions, ', ') AS options, array(
       SELECT a.attname::text FROM pg_attribute a
       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS columns
     FROM pg_class c WHERE c.oid = to_regclass($1)`,
    [table],
  );
  await worker.query(`DROP TABLE IF EXISTS ${copy}`);
  await worker.query(
    `CREATE TABLE ${copy} (LIKE ${table} INCLUDING ALL EXCLUDING INDEXES EXCLUDING CONSTRAINTS)
     ${options === null ? '' : `WITH (${options})`}`,
  );
  await alterInPlace(worker, { table: copy, types, key: null });
  await worker.query(
    `INSERT INTO ${copy} (${columns.map((name) => `"${name}"`).join(', ')})
     SELECT ${columns.map((name) => values[name] ?? `"${name}"`).join(', ')} FROM ${table}`,
  );
}

/** Makes the keys, checks and indexes of the table. @returns statements that give them their names */
async function makeIndexes(worker, copy, { table, key }) {
  const constraints = await worker.query(
    `SELECT quote_ident(conname) AS name, contype AS kind, pg_get_constraintdef(oid) AS definition
     FROM pg_constraint WHERE conrelid = to_regclass($1) AND contype IN ('p', 'u', 'c') ORDER BY conname`,
    [table],
  );
  const indexes = await worker.query(
    `SELECT quote_ident(c.relname) AS name, pg_get_indexdef(c.oid) AS definition
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE i.indrelid = to_regclass($1) AND i.indisvalid
       AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid) ORDER BY c.relname`,
    [table],
  );
  const names = [];
  for (const { name, kind, definition } of constraints) {
    const own = `${copy}_${names.length}`;
    const wanted = kind === 'p' && key !== null ? `PRIMARY KEY (${key})` : definition;
    await worker.query(`ALTER TABLE ${copy} ADD CONSTRAINT ${own} ${wanted}`);
    names.push(`ALTER TABLE ${table} RENAME CONSTRAINT ${own} TO ${name}`);
  }
  for (const { name, definition } of indexes) {
    const own = `${copy}_${names.length}`;
    await worker.query(
      definition.replace(
        /^(CREATE (?:UNIQUE )?INDEX) .+? ON \S+ USING/s,
        `$1 ${own} ON ${copy} USING`,
      ),
    );
    names.push(`ALTER INDEX ${own} RENAME TO ${name}`);
  }
  return names;
}

/**
 * Waits until every transaction has ended that took its snapshot before the rows were copied: in such a snapshot
 * the copy looks empty. PostgreSQL does the same for `CREATE INDEX CONCURRENTLY`.
 */
async function waitForOldSnapshots(worker, copy) {
  const wait = `${copy}_wait`;
  await worker.query(`DROP TABLE IF EXISTS ${wait}`);
  await worker.query(`CREATE TABLE ${wait} (number integer)`);
  await worker.query(`CREATE INDEX CONCURRENTLY ${wait}_by_number ON ${wait} (number)`);
  await worker.query(`DROP TABLE ${wait}`);
}

async function swap(guard, table, copy, names) {
  const rights = await rightsOf(guard, table, copy);
  // A VACUUM of it may be running: we wait for it before any reader has to wait.
  await guard.query(`LOCK TABLE ${copy} IN ACCESS EXCLUSIVE MODE`);
  await lockSoon(guard, table);
  for (const statement of rights) await guard.query(statement);
  await guard.query(`DROP TABLE ${table}`);
  await guard.query(`ALTER TABLE ${copy} RENAME TO ${table}`);
  for (const statement of names) await guard.query(statement);
}

async function lockSoon(guard, table) {
  await guard.query(`SET LOCAL lock_timeout = ${LOCK_WITHIN_MS}`);
  for (;;) {
    await guard.query('SAVEPOINT before_lock');
    try {
      await guard.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
      return;
    } catch (error) {
      if (error.code !== LOCK_NOT_AVAILABLE) throw error;
      await guard.query('ROLLBACK TO SAVEPOINT before_lock');
    }
    await delay(PAUSE_MS);
  }
}

/** Statements that give the copy the owner and the rights of the table. */
async function rightsOf(guard, table, copy) {
  const rows = await guard.query(
    `SELECT format('ALTER TABLE %I OWNER TO %I', $2::text, pg_get_userbyid(relowner)) AS statement
     FROM pg_class WHERE oid = to_regclass($1) AND pg_get_userbyid(relowner) <> current_user
     UNION ALL
     SELECT format('GRANT %s ON %I TO %s%s', a.privilege_type, $2::text,
       coalesce(quote_ident(r.rolname), 'PUBLIC'), CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
     FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) AS a LEFT JOIN pg_roles r ON r.oid = a.grantee
     WHERE c.oid = to_regclass($1) AND a.grantee <> c.relowner`,
    [table, copy],
  );
  return rows.map(({ statement }) => statement);
}
