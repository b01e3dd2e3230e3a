/** A life that is made again by its seed; which moments of a process it hits is up to the machine. */
export interface KnownLife {
  readonly seed: number;
  readonly steps: number;
}

/** The run of the suite. */
export const LIFE_SEEDS: readonly (KnownLife & { readonly operationsBefore: number })[] = [
  { seed: 7, steps: 4, operationsBefore: 12 },
];

/** Lives that once failed stay for ever. Each fault has a short test of its own besides. */
export const FAILED_LIVES: readonly (KnownLife & { readonly was: string })[] = [
  {
    ...{ seed: 103, steps: 13 },
    was: 'the proof compared the number of an asset whose acceptance a fork had taken back',
  },
  {
    ...{ seed: 202, steps: 60 },
    was:
      'a fork below the creation of a contract by a factory ended the index, or stopped it while others joined; ' +
      'on a lower fork a new feed waited for a block that is gone',
  },
  {
    ...{ seed: 204, steps: 60 },
    was: 'the live index did not continue while contracts could not join because of a fork',
  },
  {
    ...{ seed: 205, steps: 60 },
    was:
      'a deep fork ended the index below a contract whose factory had just left the config; a fresh index kept a block with ' +
      'money in an asset that the token does not share, and nothing else',
  },
];
