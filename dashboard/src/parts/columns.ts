const PARTS = 10_000n;

/** Amounts as parts of the largest of them, 0 to 1, for drawing only. */
export function columnHeights(values: readonly bigint[], largest = largestOf(values)): number[] {
  if (largest === 0n) return values.map(() => 0);
  return values.map((value) => Number((value * PARTS) / largest) / Number(PARTS));
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
