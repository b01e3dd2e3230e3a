import type { OfferingRun } from './measure.js';

const HEAD =
  '| ms a call | operations/s | seconds | CPU s | Postgres CPU s | node CPU s | peak MB | calls | requests |';

/** A line for each turn, in Markdown. */
export function resultTable(runs: readonly OfferingRun[]): string {
  const rule = `|${'---|'.repeat(HEAD.split('|').length - 2)}`;
  const hashes = [...new Set(runs.map(({ ledgerHash }) => ledgerHash))];
  return [HEAD, rule, ...runs.map(line), '', `ledger hash ${hashes.join(' ')}`].join('\n');
}

function line(run: OfferingRun): string {
  const { ingest, operations, traffic, peakMegabytes } = run;
  const calls = Object.values(traffic.callsByMethod).reduce((sum, count) => sum + count, 0);
  const cells = [
    run.latencyMs,
    (operations / ingest.seconds).toFixed(0),
    ingest.seconds.toFixed(1),
    ingest.cpuSeconds.toFixed(1),
    run.postgresCpuSeconds.toFixed(1),
    run.nodeCpuSeconds.toFixed(1),
    peakMegabytes.toFixed(0),
    calls,
    traffic.requests,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** How often each method was asked, the most frequent first. */
export function callLines({ latencyMs, traffic }: OfferingRun): string[] {
  const calls = Object.entries(traffic.callsByMethod).sort(([, a], [, b]) => b - a);
  return calls.map(([method, count]) => `${latencyMs} ms: ${method} ${count}`);
}
