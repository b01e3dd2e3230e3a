import type { Goal, Table } from '../report/report.js';
import type { TokensRun } from './measure.js';

const RATIO_AT_MOST = 1.5;

const HEADINGS = [
  'tokens',
  'opened s',
  'CPU s',
  'operations',
  'ingest s',
  'CPU s',
  'started again s',
  'peak MB',
  'serve started s',
  'first page ms',
];

/** Runs with the number of their tokens, a line each. */
export function resultTable(runs: readonly (readonly [tokens: number, run: TokensRun])[]): Table {
  return { title: null, headings: HEADINGS, rows: runs.map(([tokens, run]) => row(tokens, run)) };
}

function row(tokens: number, run: TokensRun): string[] {
  const { opening, ingest, serving } = run;
  const [firstPage = Number.NaN] = serving.querySeconds;
  return [
    String(tokens),
    opening.seconds.toFixed(1),
    opening.cpuSeconds.toFixed(1),
    String(run.operations),
    ingest.seconds.toFixed(1),
    ingest.cpuSeconds.toFixed(1),
    run.restartSeconds.toFixed(1),
    run.peakMegabytes.toFixed(0),
    serving.startSeconds.toFixed(1),
    (1000 * firstPage).toFixed(0),
  ];
}

/** Ingest over many tokens, against ingest over few. */
export function goals(few: readonly TokensRun[], many: readonly TokensRun[]): Goal[] {
  const wanted = { wanted: RATIO_AT_MOST, side: 'at most', unit: ' ×' } as const;
  return [
    {
      what: 'CPU of ingest over many',
      measured: ratio(few, many, ({ ingest }) => ingest.cpuSeconds),
      ...wanted,
    },
    {
      what: 'time of ingest over many',
      measured: ratio(few, many, ({ ingest }) => ingest.seconds),
      ...wanted,
    },
  ];
}

function ratio(
  few: readonly TokensRun[],
  many: readonly TokensRun[],
  of: (run: TokensRun) => number,
): number {
  const best = (runs: readonly TokensRun[]) => Math.min(...runs.map(of));
  return best(many) / best(few);
}

/** One run in some lines. */
export function runText(run: TokensRun, hasCalls: boolean): string {
  const { opening, ingest, operations, peakMegabytes, serving, traffic } = run;
  const calls = Object.entries(traffic.callsByMethod).sort(([, a], [, b]) => b - a);
  const lines = [
    `opened in ${opening.seconds.toFixed(1)} s (CPU ${opening.cpuSeconds.toFixed(1)} s), ` +
      `${operations} operations in ${ingest.seconds.toFixed(1)} s (CPU ${ingest.cpuSeconds.toFixed(1)} s), ` +
      `${peakMegabytes.toFixed(0)} MB, PostgreSQL ${run.postgresCpuSeconds.toFixed(1)} s, ` +
      `node ${run.nodeCpuSeconds.toFixed(1)} s`,
    `started again in ${run.restartSeconds.toFixed(1)} s; serves ${serving.tokens} tokens after ` +
      `${serving.startSeconds.toFixed(1)} s, a page of them in ` +
      serving.querySeconds.map((seconds) => `${(1000 * seconds).toFixed(0)} ms`).join(', then '),
  ];
  if (hasCalls) lines.push(...calls.map(([method, count]) => `${method} ${count}`));
  return lines.join('\n  ');
}
