import { DuckDBInstance } from '@duckdb/node-api';
import { LAKE_TABLES } from '../../src/lake/lakeTables.js';
import type { LakePlace } from '../../src/lake/places/lakePlace.js';
import { type WriteLakeOptions, type WrittenLake, writeLake } from '../../src/lake/writeLake.js';
import { type ExportedRow, exportRows } from '../export/support.js';

/** A run of the lake that keeps nothing that is replaced. */
export function appendTo(
  place: LakePlace,
  databaseUrl: string,
  options: Partial<WriteLakeOptions> = {},
): Promise<WrittenLake> {
  return writeLake(place, {
    databaseUrl,
    rebuild: [],
    keepMs: 0,
    blocksAtOnce: 20_000,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...options,
  });
}

/** The rows of a query of DuckDB. @param before statements that are run first */
export async function duckDb(query: string, before = ''): Promise<ExportedRow[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    if (before !== '') await connection.run(before);
    return (await connection.runAndReadAll(query)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/**
 * Compares every table of a lake with the export of the database as of the blocks that the lake has.
 *
 * @returns how many rows are equal, by table
 */
export async function compareLake(
  { manifest }: Pick<WrittenLake, 'manifest'>,
  databaseUrl: string,
  views: string,
  tables: readonly string[] = LAKE_TABLES.map(({ dataset }) => dataset.name),
): Promise<{ readonly equal: Record<string, number>; readonly differences: string[] }> {
  const equal: Record<string, number> = {};
  const differences: string[] = [];
  for (const { dataset } of LAKE_TABLES) {
    const { name } = dataset;
    if (!tables.includes(name)) continue;
    const expected: string[] = [];
    for (const { chainId, block } of manifest.chains) {
      const rows = await exportRows(databaseUrl, name, {
        chain: String(chainId),
        at: String(block),
      });
      for (const row of rows) expected.push(rowText(row, dataset.columns));
    }
    const isThere = manifest.files.some(({ table }) => table === name);
    const found = isThere ? await duckDb(`SELECT * FROM ${name.replaceAll('-', '_')}`, views) : [];
    const texts = found.map((row) => rowText(row, dataset.columns)).toSorted();
    expected.sort();
    if (texts.join('\n') !== expected.join('\n')) {
      const has = new Set(texts);
      const first = expected.find((row) => !has.has(row)) ?? 'none is missing';
      differences.push(`${name}: ${texts.length} rows for ${expected.length}; missing: ${first}`);
    }
    equal[name] = texts.length;
  }
  return { equal, differences };
}

/** JSON lines and DuckDB write times and whole numbers differently, and nothing else. */
function rowText(row: ExportedRow, columns: readonly { name: string; type: string }[]): string {
  return columns
    .map(({ name, type }) => {
      const value = row[name] ?? null;
      if (value === null) return `${name}=`;
      if (type === 'timestamp')
        return `${name}=${String(value).replace(' ', 'T').replace('Z', '')}`;
      return `${name}=${type === 'double' ? Number(value) : String(value)}`;
    })
    .join(' ');
}
