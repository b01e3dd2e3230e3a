import { duckDbText } from '../export/write/parquet.js';
import type { LakeManifest } from './lakeManifest.js';
import { LATEST } from './lakePaths.js';

/**
 * SQL for DuckDB: a view for each table of the lake, over the files that the newest manifest names, and
 * the tables `lake_files` and `units`. It is run again for newer rows.
 *
 * @param root where the lake is; `SET VARIABLE imo_lake` names another place before it is run
 */
export function viewsSql(
  root: string,
  columns: LakeManifest['columns'],
  files: LakeManifest['files'],
): string {
  const tables = new Set(files.map(({ table }) => table));
  const views = Object.keys(columns)
    .filter((table) => tables.has(table))
    .map(viewOf);
  return `-- Views over an imo-ledger lake (docs/lake.md). Run it again for newer rows.
SET VARIABLE imo_lake = coalesce(getvariable('imo_lake'), ${duckDbText(root)});
SET VARIABLE imo_manifest = getvariable('imo_lake') || '/${LATEST}';
${files.length === 0 ? NO_FILES : FILES}
CREATE OR REPLACE TEMP TABLE units AS SELECT unnest(units, max_depth := 2)
  FROM read_json(getvariable('imo_manifest'), maximum_object_size = 1073741824, columns = {
    units: 'STRUCT("chainId" BIGINT, asset VARCHAR, symbol VARCHAR, decimals INTEGER)[]'});
${views.join('')}`;
}

const COLUMNS =
  'path VARCHAR, "table" VARCHAR, "chainId" BIGINT, token VARCHAR, day DATE, rows BIGINT, bytes BIGINT, sha256 VARCHAR';

/** DuckDB reads no list of no files. */
const NO_FILES = `CREATE OR REPLACE TEMP TABLE lake_files (${COLUMNS});`;

const FILES = `SET VARIABLE imo_lists = (SELECT list(getvariable('imo_lake') || '/' || path) FROM (
  SELECT unnest(lists, max_depth := 2) FROM read_json(getvariable('imo_manifest'), maximum_object_size = 1073741824,
    columns = {lists: 'STRUCT(path VARCHAR)[]'})));
CREATE OR REPLACE TEMP TABLE lake_files AS SELECT unnest(files, max_depth := 2)
  FROM read_json(getvariable('imo_lists'), maximum_object_size = 1073741824, columns = {
    files: 'STRUCT(${COLUMNS})[]'});`;

function viewOf(table: string): string {
  const name = table.replaceAll('-', '_');
  return `
SET VARIABLE lake_${name} = (SELECT list(getvariable('imo_lake') || '/' || path) FROM lake_files
  WHERE "table" = ${duckDbText(table)});
CREATE OR REPLACE TEMP VIEW ${name} AS SELECT * FROM read_parquet(getvariable('lake_${name}'),
  hive_partitioning = true, hive_types = {'chain_id': BIGINT, 'token': VARCHAR, 'day': DATE});
`;
}
