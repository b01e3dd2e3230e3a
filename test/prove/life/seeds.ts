/** A life that is made again by its seed; which moments of a process it hits is up to the machine. */
export interface KnownLife {
  readonly seed: number;
  readonly steps: number;
}

/** The run of the suite. */
export const LIFE_SEEDS: readonly KnownLife[] = [{ seed: 7, steps: 5 }];

/** Lives that once failed stay for ever. Each fault has a short test of its own besides. */
export const FAILED_LIVES: readonly (KnownLife & { readonly was: string })[] = [
  {
    ...{ seed: 103, steps: 13 },
    was: 'the proof compared the number of an asset whose acceptance a fork had taken back',
  },
  {
    ...{ seed: 202, steps: 60 },
    was: 'a fork below the final block and the creation of a contract by a factory ended the index',
  },
];
