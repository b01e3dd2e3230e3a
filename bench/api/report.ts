import type { QuestionResult, Speed } from './bench.js';

const HEADINGS = [
  ['question', 38],
  ['connections', 11],
  ['server', 7],
  ['requests/s', 11],
  ['of limit', 9],
  ['wanted', 8],
  ['p50 ms', 8],
  ['p99 ms', 8],
  ['first ms', 9],
  ['CPU ms', 7],
] as const;

/** Columns of text. */
const TEXTS = 3;
/** Connections for which a goal of time is set. */
const TIMED_CONNECTIONS = 32;

/** The medians of all runs, two lines for each question and number of connections. */
export function resultTable(results: readonly QuestionResult[]): string {
  const lines = results.flatMap((result) => {
    const { question, connections, ours, limit, firstMs } = result;
    const ratio = ratioOf(result)?.toFixed(2) ?? '–';
    const names = [question.title, String(connections), 'ours'];
    return [
      row([...names, ...cells(ours, ratio, wantedRatio(result), firstMs.ours)]),
      row(['', '', 'limit', ...cells(limit, '', '', firstMs.limit)]),
    ];
  });
  return [row(HEADINGS.map(([heading]) => heading)), ...lines].join('\n');
}

function cells(speed: Speed | null, ratio: string, wanted: string, firstMs: number): string[] {
  const first = firstMs.toFixed(0);
  if (speed === null) return ['–', '', '', '–', '–', first, '–'];
  const { requestsPerSecond, p50Ms, p99Ms, cpuMs } = speed;
  const rate = requestsPerSecond.toFixed(0);
  return [rate, ratio, wanted, String(p50Ms), String(p99Ms), first, cpuMs.toFixed(2)];
}

/** What was not reached. */
export function misses(results: readonly QuestionResult[]): string[] {
  return results.flatMap((result) => {
    const { question, connections, ours, firstMs } = result;
    const { ratios = {}, p99Ms = Infinity, firstMs: firstAtMost = Infinity } = question.goals;
    const what = `${question.title}, ${connections} connections`;
    const missed: string[] = [];
    const ratio = ratioOf(result);
    const wanted = ratios[connections];
    if (wanted !== undefined && ratio !== null && ratio < wanted) {
      missed.push(`${what}: ${ratio.toFixed(2)} of the limit, wanted ${wanted}`);
    }
    if (connections === TIMED_CONNECTIONS && ours.p99Ms > p99Ms) {
      missed.push(`${what}: p99 ${ours.p99Ms} ms, wanted ${p99Ms} ms`);
    }
    if (connections === TIMED_CONNECTIONS && firstMs.ours > firstAtMost) {
      missed.push(`${what}: first ${firstMs.ours.toFixed(0)} ms, wanted ${firstAtMost} ms`);
    }
    return missed;
  });
}

function ratioOf({ ours, limit }: QuestionResult): number | null {
  return limit === null ? null : ours.requestsPerSecond / limit.requestsPerSecond;
}

function wantedRatio({ question, connections }: QuestionResult): string {
  const wanted = question.goals.ratios?.[connections];
  return wanted === undefined ? '' : `≥ ${wanted}`;
}

function row(values: readonly string[]): string {
  return values
    .map((value, index) => {
      const width = HEADINGS[index]?.[1] ?? 0;
      return index < TEXTS ? value.padEnd(width) : value.padStart(width);
    })
    .join(' ');
}
