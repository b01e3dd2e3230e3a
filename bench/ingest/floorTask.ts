import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { to as copyTo } from 'pg-copy-streams';
import { z } from 'zod';
import { withClient } from './databases.js';

/** What the floor does again. */
export const floorTask = z.object({
  rpcUrl: z.string(),
  databaseUrl: z.string(),
  /** The bodies of the requests, as a list of JSON. */
  requestsFile: z.string(),
  /** Rows in the binary format of COPY. */
  tables: z.array(z.object({ name: z.string(), file: z.string() })),
});
export type FloorTask = z.infer<typeof floorTask>;

/** What an index asked and wrote. */
export interface RecordedIndex {
  readonly requests: readonly string[];
  /** Its database. */
  readonly url: string;
}

/** Prepares the task in files, so that the floor itself has nothing to prepare. */
export async function writeFloorTask(
  { requests, url }: RecordedIndex,
  target: { readonly rpcUrl: string; readonly databaseUrl: string; readonly folder: string },
): Promise<FloorTask> {
  const { rpcUrl, databaseUrl, folder } = target;
  await mkdir(folder, { recursive: true });
  const requestsFile = join(folder, 'requests.json');
  await writeFile(requestsFile, JSON.stringify(requests));
  const tables: { name: string; file: string }[] = [];
  for (const name of await tablesToFill(databaseUrl)) {
    const file = join(folder, `${name}.rows`);
    await withClient(url, async (client) => {
      const rows = client.query(copyTo(`COPY "${name}" TO STDOUT (FORMAT binary)`));
      await pipeline(rows, createWriteStream(file));
    });
    tables.push({ name: `"${name}"`, file });
  }
  return { rpcUrl, databaseUrl, requestsFile, tables };
}

/** The tables that migrations have left empty. */
function tablesToFill(url: string): Promise<string[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class
       WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname`,
    );
    const empty: string[] = [];
    for (const { name } of rows) {
      const { rowCount } = await client.query(`SELECT FROM "${name}" LIMIT 1`);
      if (rowCount === 0) empty.push(name);
    }
    return empty;
  });
}
