import type { Hit, Piece } from '../finders/finder.js';

/**
 * Joins searches of one range for different things: a piece ends where the slowest search is.
 * It ends where one of them ends.
 */
export async function* together(searches: readonly AsyncIterable<Piece>[]): AsyncGenerator<Piece> {
  const [first] = searches;
  if (first === undefined) return;
  if (searches.length === 1) return yield* first;
  const parts = searches.map((search) => ({
    iterator: search[Symbol.asyncIterator](),
    to: -1,
    hits: [] as Hit[],
  }));
  let done = -1;
  try {
    for (;;) {
      const slowest = parts.reduce((a, b) => (b.to < a.to ? b : a));
      const next = await slowest.iterator.next();
      if (next.done === true) return;
      slowest.to = next.value.to;
      slowest.hits.push(...next.value.hits);
      const to = Math.min(...parts.map((part) => part.to));
      if (to <= done) continue;
      const hits = joined(parts.flatMap((part) => part.hits.filter(({ height }) => height <= to)));
      for (const part of parts) part.hits = part.hits.filter(({ height }) => height > to);
      yield { to, hits };
      done = to;
    }
  } finally {
    await Promise.all(parts.map(({ iterator }) => iterator.return?.()));
  }
}

/** One hit a block, ascending, with the transactions of all. */
export function joined(hits: readonly Hit[]): Hit[] {
  const byHeight = new Map<number, Hit>();
  for (const hit of hits) {
    const before = byHeight.get(hit.height);
    byHeight.set(hit.height, before === undefined ? hit : both(before, hit));
  }
  return [...byHeight.values()].sort((a, b) => a.height - b.height);
}

function both(a: Hit, b: Hit): Hit {
  const isKnown = a.transactions !== null && b.transactions !== null;
  const transactions = isKnown
    ? [...new Set([...(a.transactions ?? []), ...(b.transactions ?? [])])]
    : null;
  return { ...a, ...b, transactions };
}
