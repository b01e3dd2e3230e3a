import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../src/store/database/migrate.js';
import { openEmbedded } from '../../src/store/embedded/embedded.js';
import { createDatabase, dropDatabase } from '../ingest/databases.js';
import { DEFAULT_SPEC, type OperationMix } from '../node/spec.js';
import { type NodeProcess, startGeneratingNode } from '../node/start.js';
import { type IndexedTurn, indexTurn } from './indexTurn.js';
import type { OfferingBenchOptions } from './options.js';
import { verifyBooks } from './verify.js';

/** Of 1,000 operations. */
const MIX: OperationMix = {
  ...{ transfer: 753, receipt: 5, snapshot: 0, claim: 50, burn: 10 },
  ...{ request: 100, mint: 40, purchase: 40, settlement: 2 },
};
const TRANSFERS_PER_CALL = 10;

/** What one turn took. */
export interface OfferingRun extends IndexedTurn {
  readonly latencyMs: number;
  readonly ledgerHash: string;
}

/** Indexes one chain once for each latency and turn, and checks the books. @throws Error if two books differ */
export async function measureOffering(
  options: OfferingBenchOptions,
  report: (line: string) => void,
): Promise<OfferingRun[]> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-offering-'));
  const database = await openEmbedded({ folder, ephemeral: true });
  const { operations, holders, transactionsPerBlock, gap } = options;
  const node = await startGeneratingNode({
    ...{ ...DEFAULT_SPEC, operations, holders, transactionsPerBlock },
    ...{ tokens: 1, mix: MIX, transfersPerCall: TRANSFERS_PER_CALL, gap },
  });
  try {
    const { generatedInSeconds, lastBlock, truth } = node;
    report(
      `${operations} operations in ${lastBlock} blocks, generated in ${generatedInSeconds.toFixed(1)} s: ` +
        Object.entries(truth.made)
          .filter(([, count]) => count > 0)
          .map(([kind, count]) => `${kind} ${count}`)
          .join(', '),
    );
    const runs: OfferingRun[] = [];
    for (let turn = 0; turn < options.runs; turn++) {
      for (const latencyMs of options.latenciesMs) {
        runs.push(await takeTurn(node, database.url, latencyMs, options));
      }
    }
    const hashes = new Set(runs.map(({ ledgerHash }) => ledgerHash));
    if (hashes.size > 1) throw new Error(`the books differ: ${[...hashes].join(', ')}`);
    return runs;
  } finally {
    await node.stop();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Indexes the chain once, into a new database, and compares the books with it. */
async function takeTurn(
  node: NodeProcess,
  serverUrl: string,
  latencyMs: number,
  { traceMs, finder, profileFolder }: OfferingBenchOptions,
): Promise<OfferingRun> {
  const databaseUrl = await createDatabase(serverUrl, 'bench_offering');
  await migrate(databaseUrl);
  const to = node.lastBlock;
  const turn = await indexTurn(node, {
    databaseUrl,
    to,
    latencyMs,
    traceMs,
    finder,
    profileFolder,
  });
  const ledgerHash = await verifyBooks(databaseUrl, node.truth);
  await dropDatabase(serverUrl, databaseUrl);
  return { ...turn, latencyMs, ledgerHash };
}
