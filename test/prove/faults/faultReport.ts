import type { Hostility } from './hostiles.js';
import type { FaultSource } from './sourceDeal.js';

/** How a run is done. */
export interface FaultOptions {
  /** At least: the plan of a run is as long as so many minutes, and done in full. */
  readonly minutes: number;
  /** The same seed makes the same choices; when a process meets them is up to the machine. */
  readonly seed: number;
  /** Also answers of the node that are wrong, and reorgs deeper than finality. */
  readonly lies?: boolean;
  readonly deep?: boolean;
  /** Where final blocks come from; default: each one is read from the node. */
  readonly source?: FaultSource;
  /** What ends the books of tokens, and whether a storm of frames comes; default: all of it. */
  readonly hostilities?: readonly Hostility[];
  /** Of the indexer; default: three. */
  readonly endpoints?: number;
  /** Takes lines that tell how far it is. */
  readonly say: (line: string) => void;
}

/** What a run did, and what it found. */
export interface FaultReport {
  readonly operations: number;
  readonly kills: number;
  readonly reorgs: number;
  readonly deepest: number;
  readonly rpcFaults: number;
  /** Of services that find final blocks, and of files of the cache. */
  readonly sourceFaults: number;
  /** How often the chain was indexed again, by the source of its final blocks. */
  readonly indexedAnew: Readonly<Record<string, number>>;
  readonly databaseRestarts: number;
  readonly brokenConnections: number;
  /** Steps of the run that ended with more committed blocks: the index continued meanwhile. */
  readonly advances: number;
  /** Tokens whose books had to end. */
  readonly hostiles: number;
  /** Tables of the books that had rows. */
  readonly tables: number;
  readonly rows: number;
  /** Rows that are not in both databases, with the name of their table. */
  readonly differences: readonly string[];
  readonly figures: number;
  readonly mismatchCount: number;
  /** The first of them. */
  readonly mismatches: readonly string[];
}

/** A run in one line. */
export function describeReport(report: FaultReport): string {
  const { operations, kills, reorgs, deepest, rpcFaults, rows, figures } = report;
  return [
    `${operations} operations`,
    `${kills} kills`,
    `${reorgs} reorgs (deepest ${deepest} blocks)`,
    `${rpcFaults} RPC faults`,
    ...(report.sourceFaults === 0 ? [] : [`${report.sourceFaults} faults of sources`]),
    ...Object.entries(report.indexedAnew).map(
      ([source, times]) => `${times} times indexed anew by ${source}`,
    ),
    `${report.databaseRestarts} database restarts`,
    `${report.brokenConnections} times broken connections`,
    `${report.advances} advances meanwhile`,
    ...(report.hostiles === 0 ? [] : [`${report.hostiles} tokens held`]),
    `${rows} rows of ${report.tables} tables compared`,
    `${report.differences.length} differences`,
    `${figures} figures audited`,
    `${report.mismatchCount} audit mismatches`,
  ].join(', ');
}
