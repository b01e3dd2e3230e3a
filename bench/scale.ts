/**
 * `npm run bench:scale`: what a transfer, a holder and a snapshot cost, what partitions change, and what processes for
 * groups, API servers and replicas add. Figures for docs/scale.md.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '../src/store/embedded/embedded.js';
import { runProgram } from './program.js';
import type { BenchReport, Table } from './report/report.js';
import { measureGroups } from './scale/groups.js';
import { parseOptions, type ScaleBenchOptions, USAGE } from './scale/options.js';
import { measurePartitions } from './scale/partitions.js';
import { measureServers } from './scale/servers.js';
import { measureSlopes } from './scale/slopes.js';

await runProgram({ name: 'scale', parse: parseOptions, usage: USAGE, run });

async function run(options: ScaleBenchOptions, say: (line: string) => void): Promise<BenchReport> {
  const tables: Table[] = await measureBooks(options, say);
  if (options.parts.includes('servers')) tables.push(await measureServers(options, say));
  return { tables, goals: [], plots: [] };
}

async function measureBooks(
  options: ScaleBenchOptions,
  say: (line: string) => void,
): Promise<Table[]> {
  const tables: Table[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-scale-'));
  const { url, close } = await openEmbedded({ folder, ephemeral: true });
  try {
    if (options.parts.includes('slopes')) tables.push(await measureSlopes(url, options, say));
    if (options.parts.includes('partitions'))
      tables.push(await measurePartitions(url, options, say));
    if (options.parts.includes('groups')) tables.push(await measureGroups(url, options, say));
    return tables;
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
  }
}
