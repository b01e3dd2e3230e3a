import { TABLE_KINDS } from '../../../src/store/distributed/tableKinds.js';
import { query } from '../query.js';
import { CITUS_URL } from './citus.js';

/** As a cluster notes how it keeps each table. */
const KEPT = [...TABLE_KINDS].flatMap(([name, kind]) => {
  if (kind === 'local') return [];
  return [kind === 'distributed' ? `('${name}', 'h', 's')` : `('${name}', 'n', 't')`];
});

/**
 * Makes a database of one PostgreSQL server say that it is the coordinator of a Citus cluster whose nodes follow at once.
 * What writes and reads the books then does what it does on a cluster.
 *
 * Where tests have a cluster, it is one already.
 *
 * @returns the URL of the database
 */
export async function pretendCluster(databaseUrl: string): Promise<string> {
  if (CITUS_URL !== null) return databaseUrl;
  await query(
    databaseUrl,
    `SET allow_system_table_mods = on;
     INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
       SELECT 7641, 'citus', oid, 'public'::regnamespace, false, '0'
       FROM pg_roles WHERE rolname = current_user;
     CREATE TABLE pg_dist_partition (logicalrelid regclass, partmethod "char", repmodel "char");
     INSERT INTO pg_dist_partition VALUES ${KEPT.join(', ')};
     CREATE FUNCTION create_reference_table(text) RETURNS void
       LANGUAGE sql AS $$ INSERT INTO pg_dist_partition VALUES ($1::regclass, 'n', 't') $$;
     CREATE FUNCTION create_distributed_table(text, text, colocate_with text) RETURNS void
       LANGUAGE sql AS $$ INSERT INTO pg_dist_partition VALUES ($1::regclass, 'h', 's') $$;
     CREATE FUNCTION truncate_local_data_after_distributing_table(text) RETURNS void
       LANGUAGE sql AS $$ SELECT $$;
     CREATE FUNCTION run_command_on_workers(text)
       RETURNS TABLE (nodename text, nodeport integer, success boolean, result text)
       LANGUAGE sql AS $$ SELECT 'node', 5432, true, '' $$`,
  );
  return databaseUrl;
}

/** Has every commit fail that would move the cursor of a chain above a block. */
export async function refuseCursorAbove(databaseUrl: string, height: number): Promise<void> {
  await query(
    databaseUrl,
    `CREATE OR REPLACE FUNCTION refuse_cursor() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF NEW.height > ${height} THEN RAISE EXCEPTION 'the cursor is refused'; END IF;
         RETURN NEW;
       END $$;
     CREATE OR REPLACE TRIGGER refuse_cursor BEFORE INSERT OR UPDATE ON chain_cursor
       FOR EACH ROW EXECUTE FUNCTION refuse_cursor()`,
  );
}

/** Commits succeed again. */
export async function allowCursor(databaseUrl: string): Promise<void> {
  await query(databaseUrl, 'DROP TRIGGER refuse_cursor ON chain_cursor');
}
