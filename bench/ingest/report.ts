import type { Goal, Plot, Table } from '../report/report.js';
import { CONTENDERS, type ContenderName } from './contenders.js';
import type { RunResult } from './run.js';

const TITLES: Readonly<Record<ContenderName, string>> = {
  ours: 'imo-ledger',
  floor: 'floor',
  nothing: 'processor doing nothing',
  plain: 'plain squid',
  ponder: 'Ponder',
  'ponder-cached': 'Ponder from its cache',
  caching: 'filling the cache',
  cached: 'from the cache',
};

const HEADINGS = [
  'contender',
  'events/s',
  'of limit',
  '× plain',
  'seconds',
  'with start',
  'CPU s',
  '× floor',
  'Postgres CPU s',
  'anvil CPU s',
  'peak MB',
];

/** The medians of all runs. Ratios are of events/s, `× floor` of CPU time. */
export function resultTable(results: readonly RunResult[], events: number): Table {
  const medians = mediansOf(results);
  const floor = medians.find(({ contender }) => contender === 'floor');
  const speedOf = (contender: ContenderName) => {
    const found = medians.find((result) => result.contender === contender);
    return found === undefined ? null : events / found.ingestSeconds;
  };
  const ratio = (value: number, to: number | null) => (to === null ? '–' : (value / to).toFixed(2));
  const rows = medians.map((result) => {
    const speed = events / result.ingestSeconds;
    return [
      TITLES[result.contender],
      speed.toFixed(0),
      ratio(speed, speedOf('nothing')),
      ratio(speed, speedOf('plain')),
      result.ingestSeconds.toFixed(2),
      result.wallSeconds.toFixed(2),
      result.cpuSeconds.toFixed(1),
      ratio(result.cpuSeconds, floor?.cpuSeconds ?? null),
      result.postgresCpuSeconds.toFixed(1),
      result.nodeCpuSeconds.toFixed(1),
      result.peakMegabytes.toFixed(0),
    ];
  });
  return { title: null, headings: HEADINGS, rows };
}

type Ratio = (ours: RunResult, other: RunResult) => number;
const speedRatio: Ratio = (ours, other) => other.ingestSeconds / ours.ingestSeconds;
const cpuRatio: Ratio = (ours, other) => ours.cpuSeconds / other.cpuSeconds;
/** From its cache, Ponder asks the node for nothing that would show when it begins. */
const wholeRatio: Ratio = (ours, other) => other.wallSeconds / ours.wallSeconds;

/** What imo-ledger has to reach against the others. */
const GOALS: readonly [ContenderName, what: string, Ratio, wanted: number, Goal['side']][] = [
  ['nothing', 'events/s', speedRatio, 1, 'at least'],
  ['floor', 'CPU time', cpuRatio, 4, 'at most'],
  ['plain', 'events/s', speedRatio, 7, 'at least'],
  ['ponder', 'events/s', speedRatio, 8, 'at least'],
  ['ponder-cached', 'events/s, both with their start,', wholeRatio, 3, 'at least'],
];

/** The goals against the contenders that ran. */
export function goalsOf(results: readonly RunResult[]): Goal[] {
  const medians = mediansOf(results);
  const of = (name: ContenderName) => medians.find(({ contender }) => contender === name);
  const ours = of('ours');
  return GOALS.flatMap(([name, what, ratio, wanted, side]) => {
    const other = of(name);
    if (ours === undefined || other === undefined) return [];
    const measured = ratio(ours, other);
    return [{ what: `${what} against ${TITLES[name]}`, measured, wanted, side, unit: ' ×' }];
  });
}

/** The rate of each contender. */
export function ratePlot(results: readonly RunResult[], events: number): Plot {
  const medians = mediansOf(results);
  return {
    name: 'ingest',
    title: 'Transfers per second',
    unit: 'events/s',
    shape: 'bars',
    categories: medians.map(({ contender }) => TITLES[contender]),
    series: [
      {
        name: 'events/s',
        values: medians.map(({ ingestSeconds }) => Math.round(events / ingestSeconds)),
      },
    ],
  };
}

function mediansOf(results: readonly RunResult[]): RunResult[] {
  return CONTENDERS.flatMap((contender) => {
    const runs = results.filter((result) => result.contender === contender);
    return runs.length === 0 ? [] : [medianOf(contender, runs)];
  });
}

/** One run in one line. */
export function runLine(result: RunResult, events: number): string {
  return (
    `${TITLES[result.contender]}: ${(events / result.ingestSeconds).toFixed(0)} events/s, ` +
    `${result.ingestSeconds.toFixed(2)} s (${result.wallSeconds.toFixed(2)} with start), ` +
    `CPU ${result.cpuSeconds.toFixed(1)} s, Postgres ${result.postgresCpuSeconds.toFixed(1)} s, ` +
    `anvil ${result.nodeCpuSeconds.toFixed(1)} s, peak ${result.peakMegabytes.toFixed(0)} MB`
  );
}

function medianOf(contender: ContenderName, runs: readonly RunResult[]): RunResult {
  const of = (key: Exclude<keyof RunResult, 'contender'>) => median(runs.map((run) => run[key]));
  return {
    contender,
    wallSeconds: of('wallSeconds'),
    ingestSeconds: of('ingestSeconds'),
    cpuSeconds: of('cpuSeconds'),
    peakMegabytes: of('peakMegabytes'),
    postgresCpuSeconds: of('postgresCpuSeconds'),
    nodeCpuSeconds: of('nodeCpuSeconds'),
  };
}

/** The middle value; of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}
