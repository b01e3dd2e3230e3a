import type { WrongFigure } from './oddJudge.js';
import type { OddVerdict } from './proveOdd.js';

/** The worst that can happen: a figure differs, the run ended well and nothing marks it. */
export function isSilent({ outcome }: OddVerdict): boolean {
  return outcome === 'silently wrong';
}

/** What became of the contracts: a line for each that is not exact, and one for all. */
export function describeVerdicts(verdicts: readonly OddVerdict[]): {
  readonly details: readonly string[];
  readonly summary: string;
} {
  const details = verdicts
    .filter(({ outcome, difference }) => outcome !== 'exact' || difference !== null)
    .map(describe)
    .sort();
  const late = verdicts.filter(({ outcome, wrong }) => outcome === 'held' && wrong.length > 0);
  if (late.length > 0) {
    details.push(`${late.length} held contracts had wrong figures before the end of their books`);
  }
  const count = (...outcomes: OddVerdict['outcome'][]) =>
    verdicts.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const figures = verdicts.reduce((sum, verdict) => sum + verdict.figures, 0);
  const summary =
    `${verdicts.length} contracts, ${count('exact')} exact, ` +
    `${count('refused', 'held', 'marked')} refused or held, ${figures} figures compared, ` +
    `${count('silently wrong')} silently wrong`;
  return { details, summary };
}

/** Of the terms, not of an account's money. */
function isTerm({ figure }: WrongFigure): boolean {
  return !/[(]|balance/.test(figure);
}

function describe({ rules, address, outcome, difference, wrong }: OddVerdict): string {
  const [first] = [...wrong].sort((one, other) => Number(isTerm(one)) - Number(isTerm(other)));
  const wrongs =
    first === undefined
      ? ''
      : `; ${wrong.length} figures differ, first ${first.figure} at block ${first.block}: ` +
        `ours ${first.ours}, contract ${first.contract ?? 'reverts'}`;
  const named = difference === null ? '' : `: ${difference}`;
  return `${outcome.toUpperCase()} [${rules}] ${address}${named}${wrongs}`;
}
