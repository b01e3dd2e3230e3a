import type { Interval } from '../../ledger/generated/offering.js';

const DAY_MS = 86_400_000;
/** The most columns of a drawing that stay wide enough. */
const MOST = 40;

/** The steps of a time that can be chosen, from the shortest. */
export const STEPS = ['DAY', 'WEEK', 'MONTH'] as const satisfies readonly Interval[];
export type Step = (typeof STEPS)[number];
const LENGTH: Readonly<Record<Step, number>> = {
  DAY: DAY_MS,
  WEEK: 7 * DAY_MS,
  MONTH: 30 * DAY_MS,
};

/**
 * The step of a drawing: the one that the reader chose, else the shortest that gives columns wide enough.
 *
 * @param chosen of the URL: what is not a step is ignored
 */
export function stepOf(chosen: string | null, first: number, last: number): Step {
  const named = STEPS.find((step) => step.toLowerCase() === chosen);
  return named ?? STEPS.find((step) => (last - first) / LENGTH[step] <= MOST) ?? 'MONTH';
}

/** Periods of a yield in days, from the longest: the API refuses less than 7. */
export const PERIODS = [365, 90, 30, 7] as const;
export type Period = (typeof PERIODS)[number];

/**
 * The period of a yield: the one that the reader chose, else the longest that the token has lived through.
 *
 * @returns `null`: it is younger than the shortest
 */
export function periodOf(chosen: string | null, first: number, last: number): Period | null {
  const named = PERIODS.find((days) => String(days) === chosen);
  return named ?? PERIODS.find((days) => last - first >= days * DAY_MS) ?? null;
}

/** A step as an axis names it: its first day, or its month. */
export function stepName(from: string, step: Step, locale: string): string {
  const form: Intl.DateTimeFormatOptions =
    step === 'MONTH' ? { month: 'short', year: '2-digit' } : { day: 'numeric', month: 'short' };
  return new Intl.DateTimeFormat(locale, { ...form, timeZone: 'UTC' }).format(new Date(from));
}
