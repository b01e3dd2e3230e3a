import { FINDER_KINDS, type FinderKind } from '../src/config/source/finderKinds.js';
import { BenchOptionError } from './ingest/options.js';

/** @throws BenchOptionError if an option is not a whole number from `least` on */
export function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (text !== '' && Number.isSafeInteger(value) && value >= least) return value;
  throw new BenchOptionError(flag, text, `a whole number from ${least} on`);
}

/** @throws BenchOptionError if one of the names, separated by commas, is not known */
export function namesOf<Name extends string>(
  flag: string,
  text: string,
  known: readonly Name[],
): Name[] {
  return text.split(',').map((name) => {
    const found = known.find((one) => one === name);
    if (found !== undefined) return found;
    throw new BenchOptionError(flag, text, `names out of ${known.join(',')}`);
  });
}

/** @throws BenchOptionError if no finder has this name */
export function finderNamed(text: string): FinderKind {
  const known = FINDER_KINDS.find((kind) => kind === text);
  if (known !== undefined) return known;
  throw new BenchOptionError('finder', text, `one of ${FINDER_KINDS.join(', ')}`);
}
