/**
 * Whether a text begins with a day that there is, as `2026-02-28`. `Date` takes the 30th of
 * February for the 2nd of March.
 */
export function beginsWithRealDay(text: string): boolean {
  const day = text.slice(0, 10);
  const time = Date.parse(day);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === day;
}
