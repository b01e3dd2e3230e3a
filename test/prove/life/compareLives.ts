import { proveFinalBlocks } from '../../../src/processor/run/proofs.js';
import { migrate } from '../../../src/store/database/migrate.js';
import { booksByAddress } from '../../support/databases/sameBooks.js';
import { onlyIn } from '../../support/databases/sameRows.js';
import { query } from '../../support/query.js';
import { indexCleanly } from '../faults/compareBooks.js';

/** What a comparison with a fresh index found. */
export interface LifeComparison {
  readonly tables: number;
  readonly rows: number;
  /** Of the ledger hash chain. */
  readonly hashes: number;
  /** Rows that are not in both databases, with the name of their table. */
  readonly differences: readonly string[];
}

/**
 * Indexes the final chain by the final config into a new database, and compares all rows and ledger
 * hashes; archived books have none in it, and must be forgotten before.
 *
 * @param config with an endpoint that answers rightly
 */
export async function compareWithFreshIndex(
  config: string,
  urls: { readonly lived: string; readonly fresh: string },
  { chainId, head }: { readonly chainId: number; readonly head: number },
): Promise<LifeComparison> {
  await migrate(urls.fresh);
  await indexCleanly(config, urls.fresh, head);
  const books = [];
  for (const url of [urls.lived, urls.fresh]) {
    await proveFinalBlocks(url, chainId, new AbortController().signal);
    books.push(await booksByAddress(url));
  }
  const [lived = {}, fresh = {}] = books;
  const differences: string[] = [];
  for (const table of new Set([...Object.keys(lived), ...Object.keys(fresh)])) {
    if (table === OF_THE_RUN) continue;
    const [found = [], expected = []] = [lived, fresh].map((all) =>
      (all[table] ?? []).map(withoutNumber),
    );
    const [more, less] = [onlyIn(found, expected), onlyIn(expected, found)];
    for (const row of more) {
      if (table === 'revenue_asset' && !hasRows(lived, row)) continue;
      differences.push(`${table}: too much ${row}${await usersOf(urls.lived, table, row)}`);
    }
    for (const row of less) {
      differences.push(`${table}: missing ${row}${await usersOf(urls.fresh, table, row)}`);
    }
  }
  const filled = Object.values(fresh).filter((rows) => rows.length > 0);
  return {
    tables: filled.length,
    rows: filled.reduce((sum, rows) => sum + rows.length, 0),
    hashes: fresh.ledger_hash?.length ?? 0,
    differences,
  };
}

/** How a snapshot was first compared depends on where commits ended, and not on the chain alone. */
const OF_THE_RUN = 'snapshot_proof';

/** Assets have numbers of their own, in the order in which they were accepted. */
function withoutNumber(row: string): string {
  return row.replace(/"number":\d+,/, '');
}

/** An asset keeps its number when a fork takes its acceptance back: its books are empty then. */
function hasRows(books: Readonly<Record<string, string[]>>, row: string): boolean {
  const [, token, asset] = /^token (\w+) .*"asset":"\\\\x(\w+)"/.exec(row) ?? [];
  const name = `asset ${asset} of ${token} `;
  return Object.values(books).some((rows) => rows.some((one) => one.startsWith(name)));
}

/** Of a kept block: the tables that have rows of it. */
async function usersOf(databaseUrl: string, table: string, row: string): Promise<string> {
  const block = table === 'block' ? /"kept":(\d+)/.exec(row)?.[1] : undefined;
  if (block === undefined) return '';
  const columns = await query<{ table_name: string; column_name: string }>(
    databaseUrl,
    `SELECT table_name, column_name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name IN ('block_number', 'block')
       AND data_type IN ('integer', 'bigint')`,
  );
  const users: string[] = [];
  for (const { table_name: name, column_name: column } of columns) {
    const rows = await query(
      databaseUrl,
      `SELECT 1 FROM ${name} WHERE ${column} = ${block} LIMIT 1`,
    );
    if (rows.length > 0) users.push(name);
  }
  return ` with rows in ${users.join(', ') || 'no table'}`;
}
