import type { Goal, Plot, Table } from '../report/report.js';
import type { QuestionResult, Speed } from './bench.js';

const HEADINGS = [
  'question',
  'connections',
  'server',
  'requests/s',
  'of limit',
  'wanted',
  'p50 ms',
  'p99 ms',
  'first ms',
  'CPU ms',
];

/** Connections for which a goal of time is set. */
const TIMED_CONNECTIONS = 32;

/** The medians of all runs, a line for each question, number of connections and server. */
export function resultTable(results: readonly QuestionResult[]): Table {
  const rows = results.flatMap((result) => {
    const { question, connections, ours, limit, peers, firstMs } = result;
    const ratio = ratioOf(result)?.toFixed(2) ?? '–';
    const names = [question.title, String(connections), 'ours'];
    return [
      [...names, ...cells(ours, ratio, wantedRatio(result), firstMs.ours)],
      ['', '', 'limit', ...cells(limit, '', '', firstMs.limit)],
      ...peers.map(({ name, speed }) => ['', '', name, ...peerCells(speed, limit)]),
    ];
  });
  return { title: null, headings: HEADINGS, rows };
}

/** How much of the limit we reach. */
export function ratioPlot(results: readonly QuestionResult[]): Plot {
  const measured = results.filter(({ limit }) => limit !== null);
  const titles = [...new Set(measured.map(({ question }) => question.title))];
  const connections = [...new Set(measured.map((result) => result.connections))];
  return {
    name: 'api',
    title: 'Requests per second, as a part of the limit',
    unit: 'of the limit',
    shape: 'bars',
    categories: titles,
    series: connections.map((count) => ({
      name: `${count} connections`,
      values: titles.map((title) => {
        const found = measured.find(
          (result) => result.question.title === title && result.connections === count,
        );
        return Number((found === undefined ? 0 : (ratioOf(found) ?? 0)).toFixed(2));
      }),
    })),
  };
}

/** Its first answer is not measured. */
function peerCells(speed: Speed | null, limit: Speed | null): string[] {
  if (speed === null) return ['cannot', '', '', '', '', '', ''];
  const part = limit === null ? null : speed.requestsPerSecond / limit.requestsPerSecond;
  return cells(speed, part?.toFixed(2) ?? '–', '', null);
}

function cells(
  speed: Speed | null,
  ratio: string,
  wanted: string,
  firstMs: number | null,
): string[] {
  const first = firstMs?.toFixed(0) ?? '';
  if (speed === null) return ['–', '', '', '–', '–', first, '–'];
  const { requestsPerSecond, p50Ms, p99Ms, cpuMs } = speed;
  const rate = requestsPerSecond.toFixed(0);
  return [rate, ratio, wanted, String(p50Ms), String(p99Ms), first, cpuMs.toFixed(2)];
}

/** What each question should reach. */
export function goals(results: readonly QuestionResult[]): Goal[] {
  return results.flatMap((result) => {
    const { question, connections, ours, firstMs } = result;
    const what = `${question.title}, ${connections} connections`;
    const ratio = ratioOf(result);
    const found: Goal[] = [];
    const wanted = question.goals.ratios?.[connections];
    if (wanted !== undefined && ratio !== null) {
      found.push({ what, measured: ratio, wanted, side: 'at least', unit: ' of the limit' });
    }
    if (connections !== TIMED_CONNECTIONS) return found;
    const { p99Ms, firstMs: first } = question.goals;
    const atMost = { side: 'at most', unit: ' ms' } as const;
    if (p99Ms !== undefined) {
      found.push({ what: `${what}: p99`, measured: ours.p99Ms, wanted: p99Ms, ...atMost });
    }
    if (first !== undefined) {
      found.push({ what: `${what}: first`, measured: firstMs.ours, wanted: first, ...atMost });
    }
    return found;
  });
}

function ratioOf({ ours, limit }: QuestionResult): number | null {
  return limit === null ? null : ours.requestsPerSecond / limit.requestsPerSecond;
}

function wantedRatio({ question, connections }: QuestionResult): string {
  const wanted = question.goals.ratios?.[connections];
  return wanted === undefined ? '' : `≥ ${wanted}`;
}
