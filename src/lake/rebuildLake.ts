import { badRebuild } from './lakeErrors.js';
import type { LakeBookState, LakeManifest } from './lakeManifest.js';
import { type LakeStore, NOTHING_STAGED } from './lakeStore.js';
import { lakeColumns } from './lakeTables.js';

/**
 * Takes books out of the lake, with their files: the next append writes them again from their start.
 *
 * @param targets ids of chains, addresses of contracts, or `all`
 * @throws ImoError `LAKE_BAD_REBUILD` or `LAKE_OTHER_WRITER`
 */
export async function takeOut(store: LakeStore, targets: readonly string[]): Promise<void> {
  if (targets.length === 0) return;
  const { manifest } = store;
  const chosen = new Set(targets.flatMap((target) => booksNamed(manifest, target)));
  const numbers = new Set([...chosen].map(({ chainId, number }) => `${chainId} ${number}`));
  const isGone = ({ chainId, book }: { chainId: number; book: number }) =>
    numbers.has(`${chainId} ${book}`);
  const books = manifest.books.filter((book) => !chosen.has(book));
  const chains = new Set(books.map(({ chainId }) => chainId));
  const gone = manifest.files.filter(isGone).map(({ path }) => path);
  await store.commit({
    books,
    chains: manifest.chains.filter(({ chainId }) => chains.has(chainId)),
    files: manifest.files.filter((file) => !isGone(file)),
    columns: books.length === 0 ? lakeColumns() : manifest.columns,
    // Readers by pattern see them until they are deleted.
    replaced: [...manifest.replaced, ...gone.map((path) => ({ path, since: BEFORE_ALL }))],
    staged: NOTHING_STAGED,
  });
  await store.clean(new Date(BEFORE_ALL));
}

const BEFORE_ALL = new Date(0).toISOString();

function booksNamed({ books }: LakeManifest, target: string): LakeBookState[] {
  const named = books.filter(
    ({ chainId, address }) =>
      target === 'all' || target === String(chainId) || target.toLowerCase() === address,
  );
  if (named.length === 0 && target !== 'all') throw badRebuild(target);
  return named;
}
