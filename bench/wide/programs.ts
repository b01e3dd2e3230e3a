import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import type { BenchRow } from '../benchRow.js';
import { type MeasuredProgram, measureProgram } from '../measuredProgram.js';
import { CHAIN_ID } from '../node/spec.js';
import type { NodeProcess } from '../node/start.js';
import { secondsAtMost } from './secondsAtMost.js';

const COMMAND = join(PROJECT_ROOT, 'bin', 'imo-ledger.js');
const COMMIT = join(PROJECT_ROOT, 'dist', 'bench', 'wide', 'commitSnapshot.js');
const AUDIT_SECONDS = 480;
/** Calls to the node per second, without a limit of the endpoint. */
const RATE = '1000000';

const verdict = z.array(
  z.object({ figures: z.number(), mismatches: z.number(), accounts: z.number() }),
);

/** All holders, and what one snapshot gave to each, as files. */
export async function exportRows(databaseUrl: string, folder: string): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const exports = { holders: [], entitlements: ['--snapshot', '1'] };
  for (const [name, options] of Object.entries(exports)) {
    const out = join(folder, `${name}.parquet`);
    const args = ['export', name, ...options, '--format', 'parquet', '--out', out];
    const run = await measureProgram([COMMAND, ...args], { DATABASE_URL: databaseUrl });
    rows.push({ what: `export of ${name} to Parquet`, figures: figuresOf(run), goal: null });
  }
  return rows;
}

/** The root of the first snapshot: a leaf for each holder. */
export async function rootRow(databaseUrl: string): Promise<BenchRow> {
  const run = await measureProgram([COMMIT], { DATABASE_URL: databaseUrl });
  return { what: 'root of a snapshot', figures: figuresOf(run), goal: null };
}

/** @throws Error if the audit finds a mismatch */
export async function auditRow(
  databaseUrl: string,
  { folder, node, profileFolder }: AuditPlace,
): Promise<BenchRow> {
  const config = join(folder, 'imo.yaml');
  await writeFile(config, configOf(node));
  const profiling =
    profileFolder === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profileFolder)}`];
  const options = ['--config', config, '--state', folder, '--rate', RATE, '--no-earlier', '--json'];
  const args = [...profiling, COMMAND, 'audit', ...options];
  const run = await measureProgram(args, { DATABASE_URL: databaseUrl });
  const [found] = verdict.parse(JSON.parse(run.stdout));
  if (found === undefined || found.mismatches > 0) throw new Error(`the audit says ${run.stdout}`);
  const what = 'audit of all holders';
  return {
    what,
    figures: { ...figuresOf(run), 'figures/s': Math.round(found.figures / run.seconds) },
    goal: secondsAtMost(what, run.seconds, AUDIT_SECONDS),
  };
}

interface AuditPlace {
  readonly folder: string;
  readonly node: NodeProcess;
  readonly profileFolder: string | null;
}

function figuresOf({ seconds, cpuSeconds, peakMegabytes }: MeasuredProgram) {
  return { seconds, 'CPU s': cpuSeconds, 'peak MB': Math.round(peakMegabytes) };
}

function configOf({ url, tokens }: NodeProcess): string {
  return [
    'chains:',
    `  - id: ${CHAIN_ID}`,
    '    name: generated',
    `    rpc: ${url}`,
    '    finality: 10',
    '    tokens:',
    ...tokens.map((token) => `      - address: "${token}"`),
    '',
  ].join('\n');
}
