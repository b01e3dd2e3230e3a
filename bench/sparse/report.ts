import type { Goal, Plot, Table } from '../report/report.js';
import type { Measured } from './measure.js';
import type { ContenderName } from './options.js';
import type { Traffic } from './stretchedNode.js';

/** What one contender took. */
export interface Result extends Measured {
  readonly contender: ContenderName;
  readonly latencyMs: number;
  /** Blocks that it had to read or search. */
  readonly blocks: number;
  readonly traffic: Traffic;
  /** Requests to the Portal, which the node does not see. */
  readonly portalRequests: number;
}

/** Contenders that have to stay near the floor. */
const PROVEN: ReadonlySet<ContenderName> = new Set(['ranges', 'portal']);
const FLOOR_AT_MOST = 1.5;

const HEADINGS = [
  'contender',
  'latency ms',
  'blocks',
  'seconds',
  '× floor',
  'ms/block',
  'calls',
  'requests',
  'MB',
  'CPU s',
  'peak MB',
] as const;

/** All results; ratios are to the floor of the same latency and blocks. */
export function resultTable(results: readonly Result[]): Table {
  const rows = results.map((result) => cellsOf(result, floorOf(results, result)));
  return { title: null, headings: HEADINGS, rows };
}

/** What each contender took at each latency, a picture for each number of blocks that the floor read. */
export function secondsPlots(results: readonly Result[]): Plot[] {
  const floors = results.filter(({ contender }) => contender === 'floor');
  const sizes = [...new Set((floors.length > 0 ? floors : results).map(({ blocks }) => blocks))];
  return sizes.map((blocks, index) =>
    secondsPlot(
      sizes.length === 1 ? results : results.filter((result) => result.blocks === blocks),
      index === 0 ? 'sparse' : `sparse-${blocks}`,
      sizes.length === 1 ? '' : `, ${blocks} blocks`,
    ),
  );
}

function secondsPlot(results: readonly Result[], name: string, more: string): Plot {
  const latencies = [...new Set(results.map(({ latencyMs }) => latencyMs))];
  const contenders = [...new Set(results.map(({ contender }) => contender))];
  const secondsOf = (contender: ContenderName, latencyMs: number) =>
    results.find((result) => result.contender === contender && result.latencyMs === latencyMs)
      ?.seconds ?? 0;
  return {
    name,
    title: `Seconds from start to end${more}`,
    unit: 's',
    shape: 'bars',
    categories: contenders,
    series: latencies.map((latencyMs) => ({
      name: `${latencyMs} ms a call`,
      values: contenders.map((contender) => Number(secondsOf(contender, latencyMs).toFixed(2))),
    })),
  };
}

/** With all proofs on, against asking for ranges and reading hit blocks alone. */
export function goals(results: readonly Result[]): Goal[] {
  return results.flatMap((result) => {
    const floor = floorOf(results, result);
    if (floor === null || !PROVEN.has(result.contender)) return [];
    return {
      what: `${result.contender}, ${result.blocks} blocks, ${result.latencyMs} ms a call`,
      measured: result.seconds / floor.seconds,
      wanted: FLOOR_AT_MOST,
      side: 'at most',
      unit: ' × the floor',
    };
  });
}

/** One result in one line. */
export function resultLine(result: Result): string {
  const cells = cellsOf(result, null);
  return HEADINGS.map((heading, index) => `${heading} ${cells[index]}`).join(', ');
}

function floorOf(results: readonly Result[], { latencyMs, blocks }: Result): Result | null {
  return (
    results.find(
      (other) =>
        other.contender === 'floor' && other.latencyMs === latencyMs && other.blocks === blocks,
    ) ?? null
  );
}

function cellsOf(result: Result, floor: Result | null): string[] {
  const { contender, latencyMs, blocks, seconds, traffic, portalRequests } = result;
  return [
    contender,
    String(latencyMs),
    String(blocks),
    seconds.toFixed(2),
    floor === null ? '–' : (seconds / floor.seconds).toFixed(2),
    ((1_000 * seconds) / blocks).toFixed(blocks > 100_000 ? 4 : 2),
    String(traffic.calls),
    String(traffic.requests + portalRequests),
    (traffic.bytes / 1e6).toFixed(1),
    result.cpuSeconds.toFixed(1),
    result.peakMegabytes.toFixed(0),
  ];
}
