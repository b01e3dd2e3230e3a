/** The requested part of an ordered list. A key is what the list is ordered by. */
export interface PageRequest<Key> {
  /** Maximum number of rows. */
  readonly limit: number;
  /** `false`: the first rows between the keys; `true`: the last ones. */
  readonly isBackward: boolean;
  /** Only rows after this one. */
  readonly after: Key | null;
  /** Only rows before this one. */
  readonly before: Key | null;
}

/** A part of a list, in the order of the list, whichever end it was read from. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** A list that can be entered at any key: paging costs the same at any depth. */
export interface KeysetList<Row, Key> {
  keyOf(row: Row): Key;
  /** The order of the list; 0 only for the same row. */
  compare(left: Key, right: Key): number;
  /**
   * Rows strictly after `start` (`null`: from the end of the list), nearest first; if `isBackward`,
   * rows strictly before it.
   */
  fetch(start: Key | null, isBackward: boolean, limit: number): Promise<readonly Row[]>;
}

/**
 * Reads a page by the rules of Relay's cursor connections. The row of a key need not exist:
 * inserted or deleted rows never shift a page.
 */
export async function readKeysetPage<Row, Key>(
  list: KeysetList<Row, Key>,
  { limit, isBackward, after, before }: PageRequest<Key>,
): Promise<Page<Row>> {
  const [start, end] = isBackward ? [before, after] : [after, before];
  const fetched = await list.fetch(start, isBackward, limit + 1);
  const inside = fetched.filter((row) => {
    if (end === null) return true;
    const order = list.compare(list.keyOf(row), end);
    return isBackward ? order > 0 : order < 0;
  });
  const isMore = inside.length > limit;
  const rows = inside.slice(0, limit);
  if (isBackward) rows.reverse();
  return {
    rows,
    hasNextPage: isBackward ? before !== null : isMore,
    hasPreviousPage: isBackward ? isMore : after !== null,
  };
}

/** A sorted list in memory. */
export function sortedList<Row, Key>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
  compare: (left: Key, right: Key) => number,
): KeysetList<Row, Key> {
  return {
    keyOf,
    compare,
    async fetch(start, isBackward, limit) {
      if (isBackward) {
        const end =
          start === null
            ? rows.length
            : rows.findLastIndex((row) => compare(keyOf(row), start) < 0) + 1;
        return rows.slice(Math.max(0, end - limit), end).reverse();
      }
      const first = start === null ? 0 : rows.findIndex((row) => compare(keyOf(row), start) > 0);
      return first === -1 ? [] : rows.slice(first, first + limit);
    },
  };
}

/** Ascending order of values that `<` compares exactly: bigint, number, text. */
export function compareValues<Value extends bigint | number | string>(
  left: Value,
  right: Value,
): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
