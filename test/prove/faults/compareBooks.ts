import { loadConfig } from '../../../src/config/load.js';
import { HeldContractError } from '../../../src/processor/holding/contractTrouble.js';
import { runIndexer } from '../../../src/processor/run.js';
import { migrate } from '../../../src/store/database/migrate.js';
import { compareRows, type RowComparison } from '../../support/databases/sameRows.js';
import { query } from '../../support/query.js';

/**
 * Indexes the final chain again, undisturbed, and compares all tables of the books row for row.
 *
 * @param config with an endpoint that answers rightly
 */
export async function compareWithCleanIndex(
  config: string,
  urls: { readonly faulty: string; readonly clean: string },
  { firstBlock, head }: { readonly firstBlock: number; readonly head: number },
): Promise<RowComparison> {
  await migrate(urls.clean);
  const indexTo = (toBlock: number) => indexCleanly(config, urls.clean, toBlock);
  // All contracts have their numbers after the first block, and no asset has one yet.
  await indexTo(firstBlock);
  await takeOverAssetNumbers(urls);
  await indexTo(head);
  return compareRows(urls.faulty, urls.clean);
}

/** Indexes up to a block, undisturbed. */
export async function indexCleanly(
  config: string,
  databaseUrl: string,
  toBlock: number,
): Promise<void> {
  const { chains } = await loadConfig(config, {});
  const [chain] = chains;
  if (chain === undefined) throw new RangeError(`${config} has no chain`);
  const indexing = runIndexer({
    chain,
    databaseUrl,
    toBlock,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  // Books that had to end are not a failure: all others are indexed to the block.
  await indexing.catch((error: unknown) => {
    if (!(error instanceof HeldContractError)) throw error;
  });
}

/**
 * The books of an ERC-20 asset get their number when it is first accepted, and keep it when that
 * is undone: forks that are gone decide it. It is the one thing in the rows that is not of the
 * final chain.
 */
async function takeOverAssetNumbers(urls: { faulty: string; clean: string }): Promise<void> {
  const rows = await query<{ row: string }>(
    urls.faulty,
    'SELECT to_json(a)::text AS row FROM revenue_asset AS a',
  );
  for (const { row } of rows) {
    await query(
      urls.clean,
      'INSERT INTO revenue_asset SELECT * FROM json_populate_record(null::revenue_asset, $1)',
      [row],
    );
  }
}
