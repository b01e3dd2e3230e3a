/** One event of a list that is followed: what one commit changed on one chain (docs/live.md). */
export interface ListEvent<Row> {
  readonly asOf: { readonly chainId: number; readonly block: number };
  readonly gap?: { readonly fromBlock: number } | null;
  readonly withdrawn?: readonly Row[];
  readonly added?: readonly Row[];
}

/** What a list needs to be followed. */
export interface FollowedOptions<Row, Key extends string> {
  /** Equal for equal rows, at whatever moment; mostly `id`. Rows that are withdrawn need nothing else. */
  keyOf(row: Row): Key;
  /** The chain and block of a row that was read or added. */
  placeOf(row: Row): { readonly chainId: number; readonly block: number };
  /** Reads the list of a chain by its query: `block: {gte: fromBlock}`; `null`: all of it. */
  read(chainId: number, fromBlock: number | null): Promise<readonly Row[]>;
}

/**
 * A list that is always what its query returns as of the newest event: reads it where an event says so,
 * and applies what was added and withdrawn, also by a reorg.
 */
export class FollowedList<Row, Key extends string = string> {
  private readonly known = new Map<Key, Row>();
  private readonly begun = new Set<number>();

  constructor(private readonly options: FollowedOptions<Row, Key>) {}

  /** The rows now, in the order in which they came. */
  get rows(): readonly Row[] {
    return [...this.known.values()];
  }

  /** Applies an event. Wait for it before the next one: the order matters. */
  async apply({ asOf, gap, withdrawn = [], added = [] }: ListEvent<Row>): Promise<void> {
    const { keyOf, read } = this.options;
    const { chainId } = asOf;
    // Also the first one after a connection was lost: what came meanwhile is in no event.
    const isFirst = gap == null && withdrawn.length === 0 && added.length === 0;
    if (isFirst || !this.begun.has(chainId)) {
      this.begun.add(chainId);
      await this.replace(chainId, null, read(chainId, null));
    } else if (gap != null) {
      await this.replace(chainId, gap.fromBlock, read(chainId, gap.fromBlock));
    }
    for (const row of withdrawn) this.known.delete(keyOf(row));
    this.put(added);
  }

  private async replace(
    chainId: number,
    fromBlock: number | null,
    reading: Promise<readonly Row[]>,
  ): Promise<void> {
    const rows = await reading;
    for (const [key, row] of this.known) {
      const place = this.options.placeOf(row);
      if (place.chainId === chainId && place.block >= (fromBlock ?? 0)) this.known.delete(key);
    }
    this.put(rows);
  }

  private put(rows: readonly Row[]): void {
    for (const row of rows) this.known.set(this.options.keyOf(row), row);
  }
}
