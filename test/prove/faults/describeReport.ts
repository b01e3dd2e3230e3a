import type { FaultReport } from './proveFaults.js';

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
    `${rows} rows compared`,
    `${report.differences.length} differences`,
    `${figures} figures audited`,
    `${report.mismatches.length} audit mismatches`,
  ].join(', ');
}
