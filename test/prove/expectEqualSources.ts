import { expect } from 'vitest';

/** What a proof found that was run once for each source of final blocks. */
interface ProvenSources {
  readonly mismatches: readonly unknown[];
  readonly differences: readonly string[];
  readonly figures: number;
  readonly rows: number;
}

/**
 * Expects that the books of the first source are those of the contracts, and those of each other source the same
 * rows, and that every source found the blocks itself.
 *
 * @param said lines of the run
 */
export function expectEqualSources(proven: ProvenSources, said: readonly string[]): void {
  const about = said.join('\n');
  expect(proven.mismatches, about).toEqual([]);
  expect(proven.differences, about).toEqual([]);
  expect(proven.figures).toBeGreaterThan(1_000);
  expect(proven.rows).toBeGreaterThan(1_000);
  expect(said.filter((line) => line.includes('found in another way'))).toEqual([]);
}
