import type { Goal, Table } from './report/report.js';

/** A line of a report: what was measured, figures by the names of their columns, and what one of them should be. */
export interface BenchRow {
  readonly what: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly goal: Goal | null;
}

/** Its columns are the figures that any of the rows has, in the order of the first row with each. */
export function rowsTable(rows: readonly BenchRow[]): Table {
  const names = [...new Set(rows.flatMap(({ figures }) => Object.keys(figures)))];
  return {
    title: null,
    headings: ['', ...names],
    rows: rows.map(({ what, figures }) => [
      what,
      ...names.map((name) => figureText(figures[name])),
    ]),
  };
}

/** The goals of rows; none of a small form, which shows that the bench works and not how fast. */
export function goalsOfRows(rows: readonly BenchRow[], { isShort }: { isShort: boolean }): Goal[] {
  return isShort ? [] : rows.flatMap(({ goal }) => goal ?? []);
}

/** Three digits at least. */
function figureText(value: number | undefined): string {
  if (value === undefined) return '';
  if (Number.isInteger(value) || Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
