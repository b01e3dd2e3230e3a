import pg from 'pg';
import { type Anvil, startAnvil } from '../../devnet/anvil.js';
import { createWorld, type OperationReport, runOperations } from '../../devnet/randomOperations.js';
import type { Address } from '../../src/address.js';
import type { AuditComparison, Mismatch } from '../../src/audit/questions/question.js';
import { readHolds } from '../../src/store/read/tokens/holds.js';
import { readTokens } from '../../src/store/read/tokens/tokens.js';
import { compareRows } from '../support/databases/sameRows.js';
import { compareToken } from './compare.js';
import { type NodeSetup, oddSetups, startSetup } from './exactNodes.js';
import type { NewDatabase } from './proofServer.js';
import { indexBy, type ProofSource } from './proofSource.js';

const GENESIS_TIMESTAMP = 1_750_000_000;
const EARLIER_BLOCKS = 20;

/** How a run is done. */
export interface ProofOptions {
  readonly ops: number;
  /** The same seed gives the same chain. */
  readonly seed: number;
  readonly newDatabase: NewDatabase;
  /** Takes lines that tell how far it is. */
  readonly say: (line: string) => void;
  /** `odd`: indexes the chain once for each of the nodes of `exactNodes.ts`. */
  readonly nodes?: 'good' | 'odd';
  /** Only those of the odd nodes that run with every change. */
  readonly isShort?: boolean;
  /** How final blocks are read; default: as the product decides. */
  readonly source?: ProofSource;
  /** Indexes the chain once in each of these ways: the first is compared with the contracts, the others with the first. */
  readonly sources?: readonly ProofSource[];
  /** Blocks before the head at which all holders are compared; default 20. */
  readonly earlierBlocks?: number;
  /** Called with the books, before they are compared. */
  readonly onIndexed?: (databaseUrl: string) => Promise<void>;
}

/** How the rows of the other sources differ from those of the first, whose figures were compared. */
export interface RowsOfSources {
  readonly rows: number;
  readonly differences: readonly string[];
}

/** What was compared, and what the indexer refused to continue with. */
export interface ExactComparison extends AuditComparison, RowsOfSources {
  /** Contracts whose books ended, with the reason: nothing of them is shown after that block. */
  readonly held: readonly string[];
}

const GOOD: NodeSetup = { name: 'the node of the chain', isShort: true, endpoints: [[]] };

/**
 * Random actors do random things to six revenue tokens on a fresh chain; we index it and
 * compare every figure with the contracts' own views at the head and at 20 earlier blocks.
 *
 * @throws Error if a run ends before the last block
 */
export async function proveExact(options: ProofOptions): Promise<ExactComparison> {
  const { ops, seed, newDatabase, say, nodes = 'good', earlierBlocks = EARLIER_BLOCKS } = options;
  const sources = options.sources ?? [options.source];
  say(`seed ${seed}, ${ops} operations`);
  const jumps = Math.ceil(ops / 250) + 4;
  const anvil = await startAnvil({
    genesisTimestamp: GENESIS_TIMESTAMP,
    historyBlocks: ops + jumps * 1100 + 2000,
  });
  try {
    const world = await createWorld(anvil, { seed });
    const report = await runOperations(world, ops, {
      onProgress: tenths('operations', say),
    });
    say(`by kind: ${JSON.stringify(report.byKind)}`);
    const tokens = world.tokens.map(({ contract }) => contract.address as Address);
    const odd = oddSetups().filter(({ isShort }) => isShort || !options.isShort);
    const setups = nodes === 'odd' ? odd : [GOOD];
    const runs = setups.flatMap((setup) => sources.map((source) => ({ setup, source })));
    const results = await Promise.all(
      runs.map(async ({ setup, source }, index) => {
        const sayOf = runs.length === 1 ? say : (line: string) => say(`[${index}] ${line}`);
        sayOf(`nodes: ${setup.name}, blocks by ${source ?? 'itself'}`);
        return indexAndCompare(anvil, newDatabase, setup, tokens, report, {
          earlierBlocks: source === sources[0] ? earlierBlocks : null,
          source,
          say: sayOf,
        });
      }),
    );
    return {
      ...(await compareSources(results, sources)),
      figures: results.reduce((sum, { figures }) => sum + figures, 0),
      mismatches: results.flatMap(({ mismatches }) => mismatches),
      held: results.flatMap(({ held }) => held),
    };
  } finally {
    await anvil.stop();
  }
}

interface IndexedBooks extends AuditComparison {
  readonly databaseUrl: string;
  readonly held: readonly string[];
}

/** @param books of each node in turn, by each of the sources */
async function compareSources(
  books: readonly IndexedBooks[],
  sources: readonly (ProofSource | undefined)[],
): Promise<RowsOfSources> {
  const differences: string[] = [];
  let rows = 0;
  for (const [index, { databaseUrl }] of books.entries()) {
    const place = index % sources.length;
    const first = books[index - place];
    if (place === 0 || first === undefined) continue;
    const same = await compareRows(databaseUrl, first.databaseUrl);
    rows += same.rows;
    differences.push(...same.differences.map((line) => `${sources[place]}: ${line}`));
  }
  return { rows, differences };
}

async function indexAndCompare(
  anvil: Anvil,
  newDatabase: NewDatabase,
  setup: NodeSetup,
  tokens: readonly Address[],
  report: OperationReport,
  {
    earlierBlocks,
    source,
    say,
  }: {
    /** `null`: the books are compared with those of another source, not with the contracts. */
    readonly earlierBlocks: number | null;
    readonly source: ProofSource | undefined;
    readonly say: (line: string) => void;
  },
): Promise<IndexedBooks> {
  const node = await startSetup(setup, anvil.url);
  const [rpcUrl = anvil.url, ...fallbackRpcUrls] = node.urls;
  const databaseUrl = await newDatabase();
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  // `end` does not wait for the server to notice, which may be stopped before it does.
  pool.on('error', () => undefined);
  try {
    const failure: unknown = await indexBy(
      source,
      {
        chain: {
          id: anvil.chainId,
          name: 'devnet',
          rpcUrl,
          fallbackRpcUrls,
          gatewayUrl: null,
          finalityConfirmation: 20,
          startBlock: null,
          headPollIntervalSeconds: 0.1,
          labels: [],
          sales: [],
          collections: [],
          oracles: [],
          tokens: tokens.map((address) => ({
            address,
            policy: 'auto',
            assets: [],
            startBlock: null,
          })),
        },
        databaseUrl,
        toBlock: report.lastBlock,
        onProgress: () => undefined,
        onWarning: say,
        signal: new AbortController().signal,
      },
      newDatabase,
    ).catch((error: unknown) => error);
    const holds = await readHolds(pool, anvil.chainId);
    const { rows } = await pool.query<{ height: string }>('SELECT height FROM chain_cursor');
    // A run with held contracts says so when it is over, and not before.
    if (
      failure !== undefined &&
      (holds.length === 0 || Number(rows[0]?.height) < report.lastBlock)
    ) {
      throw failure;
    }
    const held = holds.map(
      ({ address, lastBlock, reason }) => `${address} after ${lastBlock}: ${reason}`,
    );
    for (const line of held) say(`held: ${line}`);
    const lastBlocks = new Map(holds.map(({ address, lastBlock }) => [address, lastBlock]));
    say(`indexed to block ${report.lastBlock}`);
    if (earlierBlocks === null) return { databaseUrl, figures: 0, mismatches: [], held };
    const compared = await compareAll(pool, anvil, report, {
      earlierBlocks,
      lastBlocks,
      progress: tenths('blocks compared', say),
    });
    return { databaseUrl, ...compared, held };
  } finally {
    await pool.end();
    await node.close();
  }
}

async function compareAll(
  pool: pg.Pool,
  anvil: Parameters<typeof compareToken>[1],
  { holders, firstBlock, lastBlock }: OperationReport,
  {
    earlierBlocks,
    lastBlocks,
    progress,
  }: {
    readonly earlierBlocks: number;
    /** Of held tokens: the block at which their books end. */
    readonly lastBlocks: ReadonlyMap<string, number>;
    readonly progress: (done: number, of: number) => void;
  },
): Promise<AuditComparison> {
  const blocks = Array.from(
    { length: earlierBlocks + 1 },
    (_, index) => firstBlock + Math.floor(((lastBlock - firstBlock) * index) / earlierBlocks),
  );
  const total: { figures: number; mismatches: Mismatch[] } = { figures: 0, mismatches: [] };
  for (const [index, block] of blocks.entries()) {
    for (const token of await readTokens(pool)) {
      if (block > (lastBlocks.get(token.address) ?? block)) continue;
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
