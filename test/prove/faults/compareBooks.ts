import { loadConfig } from '../../../src/config/load.js';
import { runIndexer } from '../../../src/processor/run.js';
import { migrate } from '../../../src/store/migrate.js';
import { dumpTables } from '../../support/tables.js';

/**
 * Indexes the final chain anew, undisturbed, and compares all tables of the books row for row.
 *
 * @param config with an endpoint that answers rightly
 */
export async function compareWithCleanIndex(
  config: string,
  urls: { readonly faulty: string; readonly clean: string },
  head: number,
): Promise<{ tables: number; rows: number; differences: string[] }> {
  const { chains } = await loadConfig(config, {});
  const [chain] = chains;
  if (chain === undefined) throw new RangeError(`${config} has no chain`);
  await migrate(urls.clean);
  await runIndexer({
    chain,
    databaseUrl: urls.clean,
    toBlock: head,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  const [faulty, clean] = [await dumpTables(urls.faulty), await dumpTables(urls.clean)];
  let [tables, rows] = [0, 0];
  const differences: string[] = [];
  for (const [table, expected] of Object.entries(clean)) {
    const found = faulty[table] ?? [];
    if (expected.length > 0) tables += 1;
    rows += expected.length;
    differences.push(...onlyIn(found, expected).map((row) => `${table}: too much ${row}`));
    differences.push(...onlyIn(expected, found).map((row) => `${table}: missing ${row}`));
  }
  return { tables, rows, differences };
}

/** Rows of one list that the other has not, or not as often. */
function onlyIn(rows: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const row of others) counts.set(row, (counts.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const left = counts.get(row) ?? 0;
    counts.set(row, left - 1);
    return left <= 0;
  });
}
