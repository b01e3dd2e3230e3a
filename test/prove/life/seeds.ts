/** Runs of the suite. Seeds that once failed stay for ever, with what was wrong. */
export const LIFE_SEEDS: readonly { readonly seed: number; readonly steps: number }[] = [
  { seed: 7, steps: 5 },
];
