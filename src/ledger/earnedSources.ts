/** Amounts by the name of their source. */
export type BySource = ReadonlyMap<string, bigint>;

/** The name of money from several sources that nobody can separate. */
export const MIXED = '';

/** What a snapshot assigned, and what had come in since the one before it. */
export interface SourcedSnapshot {
  readonly snapshotId: number;
  /** New revenue that it covered, in wei. */
  readonly newRevenueWei: bigint;
  /** The part of it that was assigned. */
  readonly freshWei: bigint;
  /** What came back from the snapshot that left the window. */
  readonly rolledOverWei: bigint;
  /** That snapshot; `null`: none can be named. */
  readonly rolledOverFrom: number | null;
  /** What came in since the snapshot before, by source. */
  readonly received: BySource;
}

/**
 * Says from which sources the assigned revenue of each snapshot came. The parts of a snapshot add up to
 * what it assigned. What rolled over keeps the sources of the snapshot that it comes from.
 *
 * Where the receipts are not the new revenue of the snapshot, nobody knows which of them were assigned:
 * that part is `MIXED`.
 *
 * @param snapshots in ascending order, from the first
 */
export function sourcesOfSnapshots(
  snapshots: readonly SourcedSnapshot[],
): ReadonlyMap<number, BySource> {
  const known = new Map<number, BySource>();
  for (const snapshot of snapshots) {
    const { received, newRevenueWei, freshWei, rolledOverWei, rolledOverFrom } = snapshot;
    const isExact = sumOf(received) === newRevenueWei;
    const fresh = apportioned(freshWei, isExact ? received : NONE);
    const before = rolledOverFrom === null ? NONE : (known.get(rolledOverFrom) ?? NONE);
    known.set(snapshot.snapshotId, added(fresh, apportioned(rolledOverWei, before)));
  }
  return known;
}

const NONE: BySource = new Map();

/**
 * Divides a whole in the proportion of some parts, by the method of the largest remainder: each part is
 * rounded down, and the wei that are left go one by one to the parts with the largest remainders; of equal
 * ones, to the name that sorts first. So the result adds up to the whole, and each part is less than one wei
 * away from its exact share.
 *
 * @returns only `MIXED` where the parts are all 0
 */
export function apportioned(whole: bigint, parts: BySource): BySource {
  if (whole === 0n) return NONE;
  const all = sumOf(parts);
  if (all === 0n) return new Map([[MIXED, whole]]);
  const rows = [...parts].map(([name, part]) => ({
    name,
    amount: (whole * part) / all,
    remainder: (whole * part) % all,
  }));
  const left = whole - rows.reduce((sum, { amount }) => sum + amount, 0n);
  const ordered = rows.toSorted(
    (a, b) => compare(b.remainder, a.remainder) || (a.name < b.name ? -1 : 1),
  );
  return new Map(
    ordered
      .map(({ name, amount }, place) => [name, amount + (BigInt(place) < left ? 1n : 0n)] as const)
      .filter(([, amount]) => amount > 0n),
  );
}

/** Adds up amounts of the same sources. */
export function added(...all: readonly BySource[]): BySource {
  const sums = new Map<string, bigint>();
  for (const [name, amount] of all.flatMap((one) => [...one])) {
    sums.set(name, (sums.get(name) ?? 0n) + amount);
  }
  return sums;
}

function sumOf(parts: BySource): bigint {
  return [...parts.values()].reduce((sum, part) => sum + part, 0n);
}

function compare(left: bigint, right: bigint): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
