/**
 * `npm run prove:exact -- --ops 3000 --seed N`: the contract is the judge.
 *
 * On a fresh local chain, random actors do random things to six revenue tokens; we index
 * it and compare every figure with the contracts' own views at the head and at 20 earlier
 * blocks. Exit code 1 if a single one differs.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import pg from 'pg';
import { startAnvil } from '../../devnet/anvil.js';
import { createWorld, runOperations } from '../../devnet/randomOperations.js';
import type { Address } from '../../src/address.js';
import { runIndexer } from '../../src/processor/run.js';
import { openEmbedded } from '../../src/store/embedded.js';
import { migrate } from '../../src/store/migrate.js';
import { readTokens } from '../../src/store/read/tokens.js';
import { type Comparison, compareToken } from './compare.js';

const GENESIS_TIMESTAMP = 1_750_000_000;
const EARLIER_BLOCKS = 20;

const { ops, seed } = new Command('prove:exact')
  .description('Index a random life of six revenue tokens and compare it with the contracts.')
  .option('--ops <number>', 'random operations', positive, 3000)
  .option('--seed <number>', 'repeats a run exactly (default: drawn)', positive)
  .addHelpText('after', '\nExample:\n  npm run prove:exact -- --ops 3000 --seed 7')
  .parse()
  .opts<{ ops: number; seed?: number }>();

function positive(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a whole number.');
}

const say = (line: string) => process.stderr.write(`${line}\n`);

/** Reports every tenth of the way. */
function tenths(what: string): (done: number, of: number) => void {
  let reported = 0;
  return (done, of) => {
    const tenth = Math.floor((10 * done) / of);
    if (tenth > reported) say(`${what}: ${done} of ${of}`);
    reported = Math.max(reported, tenth);
  };
}

async function prove(seedOfRun: number): Promise<Comparison> {
  say(`seed ${seedOfRun}, ${ops} operations`);
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
  try {
    const world = await createWorld(anvil, { seed: seedOfRun });
    const report = await runOperations(world, ops, { onProgress: tenths('operations') });
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
        tokens: world.tokens.map(({ contract }) => ({
          address: contract.address as Address,
          policy: 'auto',
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
    return await compareAll(pool, anvil, report.holders, report.firstBlock, report.lastBlock);
  } finally {
    await pool.end();
    await database.close();
    await anvil.stop();
  }
}

async function compareAll(
  pool: pg.Pool,
  anvil: Parameters<typeof compareToken>[1],
  holders: Record<string, string[]>,
  firstBlock: number,
  lastBlock: number,
): Promise<Comparison> {
  const blocks = Array.from(
    { length: EARLIER_BLOCKS + 1 },
    (_, index) => firstBlock + Math.floor(((lastBlock - firstBlock) * index) / EARLIER_BLOCKS),
  );
  const total: Comparison = { figures: 0, mismatches: [] };
  const progress = tenths('blocks compared');
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

const startedAt = Date.now();
const seedOfRun = seed ?? Math.floor(Math.random() * 1_000_000);
const { figures, mismatches } = await prove(seedOfRun);
for (const { figure, token, block, ours, contract } of mismatches.slice(0, 20)) {
  say(`MISMATCH ${figure} of ${token} at block ${block}: ours ${ours}, contract ${contract}`);
}
const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
process.stdout.write(
  `seed ${seedOfRun}: ${ops} operations, ${figures} figures compared, ` +
    `${mismatches.length} mismatches (${seconds} s)\n`,
);
// The Subsquid runner is still there and has to be ended with the process.
process.exit(mismatches.length === 0 ? 0 : 1);
