import { FINDER_KINDS, type FinderKind } from '../src/config/source/finderKinds.js';
import { BenchOptionError } from './ingest/options.js';

/** @throws BenchOptionError if an option is not a whole number from `least` on */
export function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (text !== '' && Number.isSafeInteger(value) && value >= least) return value;
  throw new BenchOptionError(flag, text, `a whole number from ${least} on`);
}

/** @throws BenchOptionError if no finder has this name */
export function finderNamed(text: string): FinderKind {
  const known = FINDER_KINDS.find((kind) => kind === text);
  if (known !== undefined) return known;
  throw new BenchOptionError('finder', text, `one of ${FINDER_KINDS.join(', ')}`);
}
