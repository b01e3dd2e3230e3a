import { partitionTables } from '../../../src/store/partitions/partitionTables.js';

/** Two tokens share each partition: a figure could come from the wrong one. */
const NUMBERS_EACH = 2;

/** As `imo-ledger migrate --partitions` on a database without tokens: each gets its place when it is registered. */
export async function partitionEmpty(databaseUrl: string): Promise<void> {
  await partitionTables(databaseUrl, {
    numbersEach: NUMBERS_EACH,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onWaiting: () => undefined,
  });
}

/** Makes databases with `make`, and partitions the first of them. */
export function firstPartitioned(make: () => Promise<string>): () => Promise<string> {
  let isFirst = true;
  return async () => {
    const isPartitioned = isFirst;
    isFirst = false;
    const url = await make();
    if (isPartitioned) await partitionEmpty(url);
    return url;
  };
}
