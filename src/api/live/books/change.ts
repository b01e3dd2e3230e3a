import type { Address } from '../../../address.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import { GapReason } from './enums.js';
import type { LiveEntry } from './feeds.js';

/**
 * What happened to a list on one chain. A reader that had all entries of the chain before it has
 * all of them as of `asOf` after it: forget the blocks of a gap and read them again, take the
 * withdrawn ones out, put the added ones in.
 */
export interface BooksChange {
  readonly asOf: AsOf;
  /** The lowest block that it is about. */
  readonly fromBlock: number;
  readonly withdrawn: readonly LiveEntry[];
  readonly added: readonly LiveEntry[];
  /** Why the entries from `fromBlock` on are not sent; `null`: they are. */
  readonly gap: GapReason | null;
}

/** Which entries a subscription is about; what is left out is not narrowed. */
export interface LiveFilter {
  readonly chainId?: number | null | undefined;
  readonly token?: Address | null | undefined;
  /** Left out: ETH, as in the lists. */
  readonly asset?: Address | null | undefined;
  readonly account?: Address | null | undefined;
}

/** The part of a change that passes a filter; `null` if nothing does. */
export function filtered(change: BooksChange, filter: LiveFilter): BooksChange | null {
  if (filter.chainId != null && filter.chainId !== change.asOf.chainId) return null;
  const withdrawn = change.withdrawn.filter((entry) => passes(entry, filter));
  const added = change.added.filter((entry) => passes(entry, filter));
  if (change.gap === null && withdrawn.length === 0 && added.length === 0) return null;
  return { ...change, withdrawn, added };
}

function passes({ book, accounts }: LiveEntry, { token, asset, account }: LiveFilter): boolean {
  return (
    book.asset === (asset ?? null) &&
    (token == null || book.token.address === token) &&
    (account == null || accounts.includes(account))
  );
}

/** Changes that were not taken in time as one gap for each chain. */
export function mergedGaps(changes: readonly BooksChange[]): BooksChange[] {
  const byChain = new Map<number, BooksChange>();
  for (const { asOf, fromBlock } of changes) {
    const earlier = byChain.get(asOf.chainId)?.fromBlock ?? fromBlock;
    byChain.set(asOf.chainId, {
      asOf,
      fromBlock: Math.min(earlier, fromBlock),
      withdrawn: [],
      added: [],
      gap: GapReason.SLOW_CLIENT,
    });
  }
  return [...byChain.values()];
}
