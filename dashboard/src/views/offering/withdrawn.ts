/** What a row of a feed needs: rows are unique, and newer ones have a greater place. */
export interface Placed {
  readonly id: string;
  /** Block, index of the transaction, position in it. */
  readonly place: readonly [number, number, number];
}

/** The newest row first. */
export function byPlace(a: Placed, b: Placed): number {
  for (const [index, part] of a.place.entries()) {
    const difference = (b.place[index] ?? 0) - part;
    if (difference !== 0) return difference;
  }
  return a.id < b.id ? 1 : -1;
}

/**
 * The rows that a reorg took back: they were shown, and are neither there any more nor merely pushed off the end by
 * newer ones.
 *
 * @param limit so many rows are shown at most
 */
export function withdrawnRows<Row extends Placed>(
  before: readonly Row[],
  after: readonly Row[],
  limit: number,
): Row[] {
  const there = new Set(after.map(({ id }) => id));
  const oldest = after.length < limit ? undefined : after.at(-1);
  return before.filter(
    (row) => !there.has(row.id) && (oldest === undefined || byPlace(row, oldest) < 0),
  );
}
