import type { FinderKind } from '../../../src/config/source/finderKinds.js';
import { freshDatabase } from '../databases/postgres.js';
import { type IndexRequest, indexTo } from './indexer.js';

export interface FoundIndex {
  readonly databaseUrl: string;
  readonly warnings: readonly string[];
}

/** Indexes a chain into a fresh database, with its final blocks found by one finder. */
export async function indexFound(
  finder: FinderKind,
  { more, ...request }: Omit<IndexRequest, 'databaseUrl' | 'onWarning'>,
): Promise<FoundIndex> {
  const databaseUrl = await freshDatabase();
  const warnings: string[] = [];
  await indexTo({
    ...request,
    databaseUrl,
    more: { source: { finders: [finder], blocksAtLeast: 1 }, ...more },
    onWarning: (line) => warnings.push(line),
  });
  return { databaseUrl, warnings };
}
