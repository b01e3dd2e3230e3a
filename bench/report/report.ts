import type { BenchName } from './benches.js';

/** Figures of a bench. Numbers are written as the bench wants them read. */
export interface Table {
  /** The line above the table; `null`: none. */
  readonly title: string | null;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a figure should be. */
export interface Goal {
  readonly what: string;
  readonly measured: number;
  readonly wanted: number;
  readonly side: 'at least' | 'at most';
  /** Written after both numbers, with its space: ` ms`, ` ×`. */
  readonly unit: string;
}

/** Figures as a picture. */
export interface Plot {
  /** File name of the picture, without its ending. */
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly shape: 'bars' | 'lines';
  readonly categories: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
}

/** What a bench found. */
export interface BenchReport {
  readonly tables: readonly Table[];
  /** None in a small form: it shows that the bench works, not how fast. */
  readonly goals: readonly Goal[];
  readonly plots: readonly Plot[];
}

/** A report with where and when it was made, as `bench/results` keeps it. */
export interface KeptReport extends BenchReport {
  readonly bench: BenchName;
  readonly command: string;
  /** Day of the run, `YYYY-MM-DD`. */
  readonly day: string;
  readonly commit: string;
  readonly machine: string;
}

/** Whether a goal was reached. A figure that is not a number was not. */
export function isReached({ measured, wanted, side }: Goal): boolean {
  return side === 'at least' ? measured >= wanted : measured <= wanted;
}
