import type { Goal, Plot, Table } from '../report/report.js';
import type { OfferingRun } from './measure.js';

const HEADINGS = [
  'ms a call',
  'operations/s',
  'seconds',
  'CPU s',
  'Postgres CPU s',
  'node CPU s',
  'peak MB',
  'calls',
  'requests',
];

/** A line for each turn. */
export function resultTable(runs: readonly OfferingRun[]): Table {
  return { title: null, headings: HEADINGS, rows: runs.map(line) };
}

/** What an offering was indexed at before trees were asked for ahead, in operations a second. */
const FORMER_RATE = 469;
/** Wanted by what each answer of the node takes, in milliseconds. */
const AT_LEAST = new Map([
  [0, 8_000],
  [100, 25 * FORMER_RATE],
]);

/** Operations a second, near the node and far from it. */
export function goalsOf(runs: readonly OfferingRun[], { isShort }: { isShort: boolean }): Goal[] {
  if (isShort) return [];
  return runs.flatMap((run) => {
    const { latencyMs } = run;
    const wanted = AT_LEAST.get(latencyMs);
    if (wanted === undefined) return [];
    const what = `an offering at ${latencyMs} ms a call`;
    return [{ what, measured: rateOf(run), wanted, side: 'at least', unit: ' operations/s' }];
  });
}

/** The rate of each turn. */
export function ratePlot(runs: readonly OfferingRun[]): Plot {
  return {
    name: 'offering',
    title: 'Operations per second of a whole offering',
    unit: 'operations/s',
    shape: 'bars',
    categories: runs.map(({ latencyMs }) => `${latencyMs} ms a call`),
    series: [{ name: 'operations/s', values: runs.map((run) => Math.round(rateOf(run))) }],
  };
}

/** Operations a second, from the first block to the end. */
function rateOf({ operations, ingest }: Pick<OfferingRun, 'operations' | 'ingest'>): number {
  return operations / ingest.seconds;
}

function line(run: OfferingRun): string[] {
  const { ingest, traffic, peakMegabytes } = run;
  const calls = Object.values(traffic.callsByMethod).reduce((sum, count) => sum + count, 0);
  return [
    String(run.latencyMs),
    rateOf(run).toFixed(0),
    ingest.seconds.toFixed(1),
    ingest.cpuSeconds.toFixed(1),
    run.postgresCpuSeconds.toFixed(1),
    run.nodeCpuSeconds.toFixed(1),
    peakMegabytes.toFixed(0),
    String(calls),
    String(traffic.requests),
  ];
}

/** How often each method was asked, the most frequent first. */
export function callLines({ latencyMs, traffic }: OfferingRun): string[] {
  const calls = Object.entries(traffic.callsByMethod).sort(([, a], [, b]) => b - a);
  return calls.map(([method, count]) => `${latencyMs} ms: ${method} ${count}`);
}
