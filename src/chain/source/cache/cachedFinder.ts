import type { FinderKind } from '../../../config/source/finderKinds.js';
import type { BlockRange } from '../../rpc/endpoints/rangeLimit.js';
import type { Finder, Piece, Wanted } from '../finders/finder.js';
import { joined } from '../portal/together.js';
import { type Filter, filtersOf, wantedOfFilters } from './filters.js';
import type { Searches } from './searches.js';

/**
 * Searches only what was not searched before: of each contract, the blocks that are not kept; of a
 * contract that was added, its own filters.
 */
export class CachedFinder implements Finder {
  readonly kind: FinderKind;

  constructor(
    private readonly inner: Finder,
    private readonly searches: Searches,
  ) {
    this.kind = inner.kind;
  }

  describe(): string {
    return this.inner.describe();
  }

  height(signal: AbortSignal): Promise<number> {
    return this.inner.height(signal);
  }

  async *find(range: BlockRange, wanted: Wanted, signal: AbortSignal): AsyncGenerator<Piece> {
    await this.searches.load();
    const filters = filtersOf(wanted);
    let next = range.from;
    try {
      while (next <= range.to) {
        const start = next;
        for await (const piece of this.step({ from: next, to: range.to }, filters, signal)) {
          yield piece;
          next = piece.to + 1;
        }
        if (next === start) return;
      }
    } finally {
      this.searches.settle();
    }
  }

  /** The next blocks that are searched for the same filters, all of them or none. */
  private async *step(
    { from, to }: BlockRange,
    filters: readonly Filter[],
    signal: AbortSignal,
  ): AsyncGenerator<Piece> {
    const { searches } = this;
    const ends = filters.map((filter) => ({ filter, end: searches.coveredTo(filter, from) }));
    const known = ends.filter(({ end }) => end >= from);
    const missing = ends.filter(({ end }) => end < from).map(({ filter }) => filter);
    const until = [
      to,
      ...known.map(({ end }) => end),
      ...missing.map((filter) => searches.nextFrom(filter, from) - 1),
    ].reduce((a, b) => Math.min(a, b));
    const kept = known.map(({ filter }) => filter);
    if (missing.length === 0) {
      const range = { from, to: Math.min(until, searches.endOf(kept, from)) };
      const hits = joined(searches.hits(kept, range));
      yield { to: range.to, hits, foundBy: searches.foundBy(kept, range) ?? this.kind };
      return;
    }
    let next = from;
    for await (const piece of this.inner.find(
      { from, to: until },
      wantedOfFilters(missing),
      signal,
    )) {
      searches.add(missing, next, { foundBy: this.kind, ...piece });
      const before = searches.hits(kept, { from: next, to: piece.to });
      const foundBy = searches.foundBy(filters, { from: next, to: piece.to }) ?? this.kind;
      yield { ...piece, hits: joined([...before, ...piece.hits]), foundBy };
      next = piece.to + 1;
    }
  }
}
