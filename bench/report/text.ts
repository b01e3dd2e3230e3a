import { type BenchReport, type Goal, isReached, type Table } from './report.js';

/** A report as the terminal has it: its tables, then each goal that was not reached. */
export function textOf({ tables, goals }: BenchReport): string {
  const missed = goals.filter((goal) => !isReached(goal));
  return [
    ...tables.map(tableText),
    missed.map((goal) => `not reached: ${goalText(goal)}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** A table in Markdown, its numbers below each other. */
export function tableText({ title, headings, rows }: Table): string {
  const widths = headings.map((heading, index) =>
    Math.max(3, heading.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells
      .map((cell, index) =>
        index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
      )
      .join(' | ')} |`;
  const rule = `|${widths
    .map((width, index) => (index === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`))
    .join('|')}|`;
  const table = [line(headings), rule, ...rows.map(line)].join('\n');
  return title === null ? table : `${title}\n\n${table}`;
}

/** `ingest: 0.67 ×, wanted at least 1 ×`. */
export function goalText({ what, measured, wanted, side, unit }: Goal): string {
  return `${what}: ${numberText(measured)}${unit}, wanted ${side} ${wanted}${unit}`;
}

/** Three digits that count. */
function numberText(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
