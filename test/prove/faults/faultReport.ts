/** How a run is done. */
export interface FaultOptions {
  /** At least: the plan of a run is as long as so many minutes, and done in full. */
  readonly minutes: number;
  /** The same seed makes the same choices; when a process meets them is up to the machine. */
  readonly seed: number;
  /** Also answers of the node that are wrong, and reorgs deeper than finality. */
  readonly lies?: boolean;
  readonly deep?: boolean;
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
  readonly databaseRestarts: number;
  readonly brokenConnections: number;
  /** Steps of the run after which more was committed than before: it went on meanwhile. */
  readonly advances: number;
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
    `${report.databaseRestarts} database restarts`,
    `${report.brokenConnections} times broken connections`,
    `${report.advances} advances meanwhile`,
    `${rows} rows of ${report.tables} tables compared`,
    `${report.differences.length} differences`,
    `${figures} figures audited`,
    `${report.mismatchCount} audit mismatches`,
  ].join(', ');
}
