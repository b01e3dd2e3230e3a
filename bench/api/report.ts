import type { QuestionResult } from './bench.js';

const HEADINGS = [
  ['question', 38],
  ['server', 7],
  ['requests/s', 11],
  ['of limit', 9],
  ['wanted', 8],
  ['p50 ms', 8],
  ['p99 ms', 8],
  ['first ms', 9],
  ['CPU ms', 7],
] as const;

/** The medians of all runs, two lines for each question. */
export function resultTable(results: readonly QuestionResult[]): string {
  const lines = results.flatMap(({ question, ours, limit, firstMs, cpuMs }) => [
    row([
      question.title,
      'ours',
      ours.requestsPerSecond.toFixed(0),
      limit === null ? '–' : (ours.requestsPerSecond / limit.requestsPerSecond).toFixed(2),
      wanted(question),
      String(ours.p50Ms),
      String(ours.p99Ms),
      firstMs.ours.toFixed(0),
      cpuMs.ours.toFixed(2),
    ]),
    row([
      '',
      'limit',
      limit?.requestsPerSecond.toFixed(0) ?? '–',
      '',
      '',
      limit === null ? '–' : String(limit.p50Ms),
      limit === null ? '–' : String(limit.p99Ms),
      firstMs.limit.toFixed(0),
      limit === null ? '–' : cpuMs.limit.toFixed(2),
    ]),
  ]);
  return [row(HEADINGS.map(([heading]) => heading)), ...lines].join('\n');
}

/** What was not reached. */
export function misses(results: readonly QuestionResult[]): string[] {
  return results.flatMap(({ question, ours, limit }) => {
    const { title, ratioAtLeast, p99AtMostMs } = question;
    const missed: string[] = [];
    const ratio = limit === null ? null : ours.requestsPerSecond / limit.requestsPerSecond;
    if (ratioAtLeast !== null && ratio !== null && ratio < ratioAtLeast) {
      missed.push(`${title}: ${ratio.toFixed(2)} of the limit, wanted ${ratioAtLeast}`);
    }
    if (p99AtMostMs !== null && ours.p99Ms > p99AtMostMs) {
      missed.push(`${title}: p99 ${ours.p99Ms} ms, wanted ${p99AtMostMs} ms`);
    }
    return missed;
  });
}

function wanted({ ratioAtLeast, p99AtMostMs }: QuestionResult['question']): string {
  if (ratioAtLeast !== null) return `≥ ${ratioAtLeast}`;
  return p99AtMostMs === null ? '' : `p99<${p99AtMostMs}`;
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => {
      const width = HEADINGS[index]?.[1] ?? 0;
      return index < 2 ? cell.padEnd(width) : cell.padStart(width);
    })
    .join(' ');
}
