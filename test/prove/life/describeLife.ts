import type { LifeReport } from './proveLife.js';

/** A run in one line. */
export function describeLife(report: LifeReport): string {
  const { changes, kills, killsWhileJoining, rows, tables, hashes } = report;
  return [
    `${changes} changes of the config`,
    `${kills} kills (${killsWhileJoining} while books joined)`,
    `${report.reorgs} reorgs`,
    `${report.rpcFaults} RPC faults`,
    `${report.created} contracts created`,
    `${report.archived} archived books`,
    `${rows} rows of ${tables} tables and ${hashes} ledger hashes compared`,
    `${report.differences.length} differences`,
    `${report.figures} figures audited`,
    `${report.mismatchCount} audit mismatches`,
  ].join(', ');
}

/** Kinds of steps that were drawn, and those that were not. */
export function describeDraws({ drawn }: LifeReport): string {
  const counts = [...drawn].flatMap(([kind, count]) => (count > 0 ? `${kind} ${count}` : []));
  return `drawn: ${counts.join(', ')}; never drawn: ${neverDrawn(drawn).join(', ') || 'nothing'}`;
}

export function neverDrawn(drawn: LifeReport['drawn']): string[] {
  return [...drawn].flatMap(([kind, count]) => (count === 0 ? kind : []));
}
