/**
 * `npm run bench:sparse -- --blocks 300000`: a chain of which every n-th block concerns the token.
 * Seconds, calls, bytes, CPU and memory of each way to read it, against the least that is possible.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAnvil } from '../devnet/anvil.js';
import { openEmbedded } from '../src/store/embedded/embedded.js';
import { FINALITY_CONFIRMATION } from './ingest/contenders.js';
import { runProgram } from './program.js';
import type { BenchReport } from './report/report.js';
import { type Arena, runContender } from './sparse/contenders.js';
import { liveToken } from './sparse/life.js';
import { parseOptions, type SparseOptions, USAGE } from './sparse/options.js';
import { installPonder } from './sparse/ponder.js';
import { stretchedPortal } from './sparse/portal.js';
import { goals, type Result, resultLine, resultTable, secondsPlots } from './sparse/report.js';
import { StretchedNode } from './sparse/stretchedNode.js';

await runProgram({ name: 'sparse', parse: parseOptions, usage: USAGE, run });

async function run(options: SparseOptions, say: (line: string) => void): Promise<BenchReport> {
  const { every, dense, contenders, latencies, isVerbose } = options;
  if (contenders.includes('ponder')) await installPonder(say);
  const real = Math.floor(Math.max(...options.blocks) / every);
  const anvil = await startAnvil({ genesisTimestamp: 1_750_000_000, historyBlocks: real + 100 });
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-sparse-'));
  const database = await openEmbedded({ folder: join(folder, 'postgres'), ephemeral: true });
  try {
    const token = await liveToken(anvil, real);
    const node = await StretchedNode.start(
      anvil,
      { factor: every, denseEvery: dense },
      token.address,
    );
    const portal = contenders.includes('portal') ? await stretchedPortal(node) : null;
    const results: Result[] = [];
    const from = node.heightOf(token.deploymentBlock);
    const last = node.head - FINALITY_CONFIRMATION - 1;
    const turns = options.blocks.flatMap((blocks) =>
      latencies.map((latencyMs) => ({ to: Math.min(last, from + blocks - 1), latencyMs })),
    );
    for (const { to, latencyMs } of turns) {
      const arena: Arena = {
        node,
        portal,
        token: token.address as `0x${string}`,
        from,
        to,
        latencyMs,
        serverUrl: database.url,
        folder,
        rows: new Map(),
      };
      for (const contender of contenders) {
        const result = await runContender(contender, arena, options);
        results.push(result);
        say(resultLine(result));
        const { byMethod, requestsByMethod, millisecondsByMethod } = result.traffic;
        if (isVerbose) say(JSON.stringify({ byMethod, requestsByMethod, millisecondsByMethod }));
      }
      say(`rows: ${[...arena.rows.values()][0] ?? 'none'}`);
    }
    await portal?.close();
    node.close();
    return {
      tables: [resultTable(results)],
      goals: goals(results),
      plots: secondsPlots(results),
    };
  } finally {
    await database.close();
    await anvil.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
