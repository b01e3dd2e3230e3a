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

/** All results as a table of Markdown; ratios are to the floor of the same latency and blocks. */
export function resultTable(results: readonly Result[]): string {
  const lines = results.map((result) => row(cellsOf(result, floorOf(results, result))));
  return [row(HEADINGS), row(HEADINGS.map(() => '---')), ...lines].join('\n');
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

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
