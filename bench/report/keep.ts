import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import type { BenchName } from './benches.js';
import type { BenchReport, KeptReport } from './report.js';

/** Where full runs are kept. `npm run docs:performance` writes the page from them. */
export const RESULTS = join('bench', 'results');

/** Keeps a report in place of the last one of this bench, below `root`. @returns the file */
export async function keepReport(
  bench: BenchName,
  argv: readonly string[],
  report: BenchReport,
  root = PROJECT_ROOT,
): Promise<string> {
  const { stdout } = await promisify(execFile)('git', ['describe', '--always', '--dirty'], {
    cwd: PROJECT_ROOT,
  });
  const { tables, goals, plots } = report;
  const kept: KeptReport = {
    bench,
    command: ['npm run', `bench:${bench}`, ...(argv.length === 0 ? [] : ['--', ...argv])].join(' '),
    day: new Date().toISOString().slice(0, 10),
    commit: stdout.trim(),
    machine: machine(),
    tables,
    goals,
    plots,
  };
  const file = join(RESULTS, `${bench}.json`);
  await mkdir(join(root, RESULTS), { recursive: true });
  await writeFile(join(root, file), `${JSON.stringify(kept, null, 2)}\n`);
  return file;
}

function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores (${model}), ${gigabytes} GB, Node.js ${process.versions.node}`;
}
