import { createHash } from 'node:crypto';
import { readHashedBlocks } from '../../store/ledgerHash/blockParts.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import type { LakeBook } from './lakeBooks.js';

/** Blocks that are read together, as for the ledger hash. */
const BLOCKS_AT_ONCE = 500;

/** The hash of books in which nothing is booked. */
export const EMPTY_HASH = `0x${'0'.repeat(64)}`;

/** What is booked in a range of blocks. */
export interface BookedRange {
  /** By `bookKey`: the hash after the range. Books without an entry are as before. */
  readonly hashes: ReadonlyMap<string, string>;
  /** By table of the database, then by `bookKey`: the rows in the range. */
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Names books within a chain, whatever their number is. */
export function bookKey({ address, asset }: { address: string; asset: string | null }): string {
  return `${address} ${asset ?? 'native'}`;
}

/**
 * Continues the hash of each book over the blocks of a range. The hash of a book is SHA-256 over the one
 * before, the block, and the digests of its rows in the block: a chain of its own, so that the end of one
 * book, or a new one, changes no other.
 *
 * @param before by `bookKey`
 */
export async function readBookedRange(
  db: Queryable,
  chainId: number,
  books: readonly LakeBook[],
  before: ReadonlyMap<string, string>,
  range: { readonly after: number; readonly upTo: number },
): Promise<BookedRange> {
  const numbered = books.map(({ number, address, asset }) => ({
    number,
    contract: address,
    asset,
  }));
  const hashes = new Map(before);
  const rows = new Map<string, Map<string, number>>();
  let { after } = range;
  while (after < range.upTo) {
    const wanted = { after, upTo: range.upTo, limit: BLOCKS_AT_ONCE };
    const blocks = await readHashedBlocks(db, chainId, numbered, wanted);
    for (const { number, hash, timestampMs, parts } of blocks) {
      const lines = new Map<string, string[]>();
      for (const { table, contract, asset, rows: count, digest } of parts) {
        const key = bookKey({ address: contract, asset });
        append(lines, key, `${table} ${count} ${digest}`);
        const counts = rows.get(table) ?? new Map<string, number>();
        rows.set(table, counts.set(key, (counts.get(key) ?? 0) + count));
      }
      for (const [key, all] of lines) {
        const place = `${number} ${hash} ${timestampMs}`;
        const text = [hashes.get(key) ?? EMPTY_HASH, place, ...all.toSorted()].join('\n');
        hashes.set(key, `0x${createHash('sha256').update(text).digest('hex')}`);
      }
    }
    if (blocks.length < BLOCKS_AT_ONCE) break;
    after = blocks.at(-1)?.number ?? range.upTo;
  }
  return { hashes, rows };
}

function append(lines: Map<string, string[]>, key: string, line: string): void {
  const known = lines.get(key);
  if (known === undefined) lines.set(key, [line]);
  else known.push(line);
}
