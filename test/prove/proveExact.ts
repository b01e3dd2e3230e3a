import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startAnvil } from '../../devnet/anvil.js';
import { createWorld, type OperationReport, runOperations } from '../../devnet/randomOperations.js';
import type { Address } from '../../src/address.js';
import type { Comparison, Mismatch } from '../../src/audit/question.js';
import { runIndexer } from '../../src/processor/run.js';
import { openEmbedded } from '../../src/store/embedded.js';
import { migrate } from '../../src/store/migrate.js';
import { readTokens } from '../../src/store/read/tokens.js';
import { compareToken } from './compare.js';

const GENESIS_TIMESTAMP = 1_750_000_000;
const EARLIER_BLOCKS = 20;

/** How a run is done. */
export interface ProofOptions {
  readonly ops: number;
  /** The same seed gives the same chain. */
  readonly seed: number;
  /** Takes lines that tell how far it is. */
  readonly say: (line: string) => void;
}

/**
 * Random actors do random things to six revenue tokens on a fresh chain; we index it and
 * compare every figure with the contracts' own views at the head and at 20 earlier blocks.
 */
export async function proveExact({ ops, seed, say }: ProofOptions): Promise<Comparison> {
  say(`seed ${seed}, ${ops} operations`);
  const jumps = Math.ceil(ops / 250) + 4;
  const anvil = await startAnvil({
    genesisTimestamp: GENESIS_TIMESTAMP,
    historyBlocks: ops + jumps * 1100 + 2000,
  });
  const database = await openEmbedded({
    folder: await mkdtemp(join(tmpdir(), 'imo-ledger-prove-')),
    ephemeral: true,
  });
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  // `end` does not wait for the server to notice, which may be stopped before it does.
  pool.on('error', () => undefined);
  try {
    const world = await createWorld(anvil, { seed });
    const report = await runOperations(world, ops, { onProgress: tenths('operations', say) });
    say(`by kind: ${JSON.stringify(report.byKind)}`);
    await migrate(database.url);
    await runIndexer({
      chain: {
        id: anvil.chainId,
        name: 'devnet',
        rpcUrl: anvil.url,
        gatewayUrl: null,
        finalityConfirmation: 20,
        startBlock: null,
        headPollIntervalSeconds: 0.1,
        labels: [],
        sales: [],
        collections: [],
        oracles: [],
        tokens: world.tokens.map(({ contract }) => ({
          address: contract.address as Address,
          policy: 'auto',
          assets: [],
          startBlock: null,
        })),
      },
      databaseUrl: database.url,
      toBlock: report.lastBlock,
      onProgress: () => undefined,
      onWarning: say,
      signal: new AbortController().signal,
    });
    say(`indexed to block ${report.lastBlock}`);
    return await compareAll(pool, anvil, report, tenths('blocks compared', say));
  } finally {
    await pool.end();
    await database.close();
    await anvil.stop();
  }
}

async function compareAll(
  pool: pg.Pool,
  anvil: Parameters<typeof compareToken>[1],
  { holders, firstBlock, lastBlock }: OperationReport,
  progress: (done: number, of: number) => void,
): Promise<Comparison> {
  const blocks = Array.from(
    { length: EARLIER_BLOCKS + 1 },
    (_, index) => firstBlock + Math.floor(((lastBlock - firstBlock) * index) / EARLIER_BLOCKS),
  );
  const total: { figures: number; mismatches: Mismatch[] } = { figures: 0, mismatches: [] };
  for (const [index, block] of blocks.entries()) {
    for (const token of await readTokens(pool)) {
      const ofToken = (holders[token.address] ?? []) as Address[];
      const { figures, mismatches } = await compareToken(pool, anvil, token, ofToken, block);
      total.figures += figures;
      total.mismatches.push(...mismatches);
    }
    progress(index + 1, blocks.length);
  }
  return total;
}

/** Reports every tenth of the way. */
function tenths(what: string, say: (line: string) => void): (done: number, of: number) => void {
  let reported = 0;
  return (done, of) => {
    const tenth = Math.floor((10 * done) / of);
    if (tenth > reported) say(`${what}: ${done} of ${of}`);
    reported = Math.max(reported, tenth);
  };
}
