import { readLedgerHash } from '../../store/read/chains/ledgerHashes.js';
import { newestBooked } from '../../store/read/chains/newestBooked.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { historyChanged, lakeAhead } from '../lakeErrors.js';
import type { LakeBookState, LakeChainState, LakeManifest } from '../lakeManifest.js';
import { bookKey, EMPTY_HASH, readBookedRange } from './bookHashes.js';
import type { LakeBook } from './lakeBooks.js';
import { tablesWithOtherTokens, tokensDigest } from './receivers.js';

/** The final block that a chain is hashed up to, and its books now. */
export interface ChainNow {
  readonly chainId: number;
  readonly block: number;
  readonly books: readonly LakeBook[];
}

/**
 * Proves that the database still has all rows that the lake has of a chain.
 *
 * @throws ImoError `LAKE_AHEAD` or `LAKE_HISTORY_CHANGED`
 */
export async function assertHistory(
  db: Queryable,
  manifest: LakeManifest,
  now: ChainNow,
): Promise<void> {
  const { chainId } = now;
  const chain = manifest.chains.find((one) => one.chainId === chainId);
  if (chain === undefined) return;
  if (now.block < chain.block) throw lakeAhead(chainId, chain.block, now.block);
  const states = manifest.books.filter((book) => book.chainId === chainId);
  const reasons: string[] = [];
  const rebuild = new Set<string>();
  for (const { reason, book } of await changesOf(db, manifest, { ...now, chain, states })) {
    reasons.push(`${book.kind} ${book.address} of chain ${chainId} ${reason}`);
    rebuild.add(book.address);
  }
  if (reasons.length > 0) throw historyChanged(reasons, [...rebuild]);
}

interface Change {
  readonly book: LakeBookState;
  readonly reason: string;
}

interface Compared extends ChainNow {
  readonly chain: LakeChainState;
  readonly states: readonly LakeBookState[];
}

async function changesOf(
  db: Queryable,
  manifest: LakeManifest,
  compared: Compared,
): Promise<Change[]> {
  const { chain, chainId, states, books } = compared;
  const numbers = new Map(books.map((book) => [bookKey(book), book.number]));
  const changes = states.flatMap((book): Change[] => {
    const number = numbers.get(bookKey(book));
    if (number === undefined) return [{ book, reason: 'is not in the database' }];
    return number === book.number ? [] : [{ book, reason: 'was indexed again' }];
  });
  if (changes.length > 0) return changes;
  if (!(await isSameHash(db, chain))) changes.push(...(await changedHashes(db, compared)));
  if (changes.length > 0 || (await tokensDigest(db, chainId)) === chain.tokens) return changes;
  for (const book of states.filter(({ kind }) => kind === 'oracle')) {
    const tables = await tablesWithOtherTokens(db, book, manifest);
    if (tables.length === 0) continue;
    changes.push({ book, reason: `names other tokens in ${tables.join(' and ')}` });
  }
  return changes;
}

/** The ledger hash covers all books that continue. */
async function isSameHash(db: Queryable, { chainId, block, ledgerHash, booked }: LakeChainState) {
  const hash = await readLedgerHash(db, chainId, block);
  const newest = await newestBooked(db, chainId, block);
  return (
    hash?.hash === ledgerHash?.hash &&
    hash?.block === ledgerHash?.block &&
    newest?.hash === booked?.hash &&
    newest?.block === booked?.block
  );
}

/** Reads all that is booked again. New and archived books change the ledger hash too, and no row of others. */
async function changedHashes(
  db: Queryable,
  { chainId, books, states }: Compared,
): Promise<Change[]> {
  const changes: Change[] = [];
  const ends = new Map<number, LakeBookState[]>();
  for (const book of states) ends.set(book.block, [...(ends.get(book.block) ?? []), book]);
  for (const [upTo, ended] of ends) {
    const keys = new Set(ended.map(bookKey));
    const same = books.filter((book) => keys.has(bookKey(book)));
    const { hashes } = await readBookedRange(db, chainId, same, new Map(), { after: -1, upTo });
    for (const book of ended) {
      if ((hashes.get(bookKey(book)) ?? EMPTY_HASH) === book.hash) continue;
      changes.push({ book, reason: `has other rows up to block ${upTo}` });
    }
  }
  return changes;
}
