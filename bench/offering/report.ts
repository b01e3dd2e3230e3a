import type { Plot, Table } from '../report/report.js';
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
