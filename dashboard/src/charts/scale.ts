/** How finely an amount is drawn: parts of the whole height. */
const PARTS = 1_000_000n;

/**
 * How many pixels an amount has, where `top` has `room` of them. Only here amounts become floats, for drawing only.
 */
export function pixelsOf(value: bigint, top: bigint, room: number): number {
  return top === 0n ? 0 : (Number((value * PARTS) / top) / Number(PARTS)) * room;
}

export function largestOf(values: readonly bigint[]): bigint {
  let most = 0n;
  for (const value of values) if (value > most) most = value;
  return most;
}

const STEPS = [1n, 2n, 5n, 10n] as const;

/**
 * Where the lines of a grid are, from zero up to the first that is not below `largest`: at most five, at round numbers.
 */
export function gridOf(largest: bigint): bigint[] {
  if (largest === 0n) return [0n];
  const power = 10n ** BigInt(String(largest).length - 1);
  for (const scale of [power / 10n, power]) {
    for (const step of STEPS) {
      const size = step * scale;
      if (size > 0n && size * 4n >= largest) {
        const lines = Number((largest + size - 1n) / size);
        return Array.from({ length: lines + 1 }, (_, index) => BigInt(index) * size);
      }
    }
  }
  return [0n, largest];
}

/**
 * Moves labels apart that would overlap: each is at its place or as near as the others let it.
 *
 * @param wanted where they belong, from the smallest up
 * @param gap the least between two
 * @param last no label is beyond this, as long as there is room for all
 */
export function apart(wanted: readonly number[], gap: number, last: number): number[] {
  const places: number[] = [];
  for (const place of wanted) {
    places.push(Math.max(place, (places.at(-1) ?? Number.NEGATIVE_INFINITY) + gap));
  }
  let limit = last;
  for (let index = places.length - 1; index >= 0; index--) {
    places[index] = Math.min(places[index] ?? 0, limit);
    limit = (places[index] ?? 0) - gap;
  }
  return places;
}

/** At most so many moments, evenly apart, from the first to the last: where a time axis has its labels. */
export function momentsBetween(first: number, last: number, most: number): number[] {
  if (last <= first) return [first];
  const size = (last - first) / (most - 1);
  return Array.from({ length: most }, (_, index) => Math.round(first + index * size));
}
