const DAYS = 30;
const DAY_MS = 86_400_000;

/** When the first of the last days begins, in UTC. */
export function firstDay(end: number): number {
  return Math.floor(end / DAY_MS) * DAY_MS - (DAYS - 1) * DAY_MS;
}

/**
 * What came in on each of the last days, the oldest first: days without revenue are there too.
 *
 * @param end a moment of the last day
 */
export function daysOf(
  rows: readonly {
    readonly from?: string | null;
    readonly amountWei: { readonly sum: bigint };
  }[],
  end: number,
): bigint[] {
  const first = firstDay(end);
  const values = Array.from({ length: DAYS }, () => 0n);
  for (const { from, amountWei } of rows) {
    const day = Math.floor((Date.parse(from ?? '') - first) / DAY_MS);
    if (day >= 0 && day < DAYS) values[day] = (values[day] ?? 0n) + amountWei.sum;
  }
  return values;
}
