import type { BaseName, OddChoice, OddityName } from './oddities.js';

/** Seeds that once failed stay here for ever; the first is there for every run. */
export const ODD_SEEDS = [7641];

/** Rules of which every contract is exact, refused, held or marked. */
const PROVEN_BASES: readonly BaseName[] = [
  'windowed',
  'reference',
  'window without getter',
  'reference with interval',
  'one asset',
];
const PROVEN_ODDITIES: readonly OddityName[] = [
  'claimed id answers otherwise',
  'early snapshot does nothing',
  'snapshot by distribute',
  'batch claims',
  'bridge burn',
  'first holders',
  'claim for another',
  'claim to another',
  'claim of all',
  'burn from another',
  'bonus for the snapshot',
  'sweep',
];

export const PROVEN: OddChoice = { bases: PROVEN_BASES, oddities: PROVEN_ODDITIES };
