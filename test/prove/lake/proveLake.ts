import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { liveCollections } from '../../../devnet/collectionLife.js';
import { liveOracles } from '../../../devnet/oracleLife.js';
import { SeededRandom } from '../../../devnet/random.js';
import { ImoError } from '../../../src/errors.js';
import type { LakeManifest } from '../../../src/lake/lakeManifest.js';
import { VIEWS } from '../../../src/lake/lakePaths.js';
import { readLatest } from '../../../src/lake/lakeStore.js';
import { LAKE_TABLES } from '../../../src/lake/lakeTables.js';
import { LocalPlace } from '../../../src/lake/places/localPlace.js';
import { verifyLake } from '../../../src/lake/verifyLake.js';
import type { WrittenLake } from '../../../src/lake/writeLake.js';
import { runIndexer } from '../../../src/processor/run.js';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';
import { appendTo, compareLake, duckDb } from '../../lake/support.js';
import { hashFinal } from '../../support/databases/hashFinal.js';
import { offeringConfig } from '../bookLife.js';
import { ForkingChain } from '../faults/forkingChain.js';
import type { NewDatabase } from '../proofServer.js';

export interface LakeProofOptions {
  readonly seed: number;
  readonly rounds: number;
  readonly newDatabase: NewDatabase;
  readonly say: (line: string) => void;
}

export interface LakeProof {
  /** Rows compared, over all comparisons. */
  readonly rows: number;
  readonly comparisons: number;
  readonly kills: number;
  readonly reorgs: number;
  readonly merged: number;
  /** Runs that refused to continue, because a reorg replaced final blocks. */
  readonly refusals: number;
  /** Rows of each table in the end. */
  readonly tables: Readonly<Record<string, number>>;
  readonly differences: readonly string[];
}

/** Short, so that reorgs come near to what the lake has. */
const FINALITY = 6;
const OPERATIONS_PER_ROUND = 12;
const ORACLE_OPERATIONS_PER_ROUND = 24;
const COLLECTION_OPERATIONS_PER_ROUND = 12;
const DAY_SECONDS = 86_400;
/** A run takes about so long: kills are drawn within it. */
const KILL_WITHIN_MS = 2_500;

/**
 * The random life of an offering whose newest blocks are replaced at times, over some days. In each round
 * `imo-ledger lake` is killed at random moments, then completes. After every kill, and after every whole
 * run, DuckDB over the lake is compared with the database: every row of every table.
 */
export async function proveLake(options: LakeProofOptions): Promise<LakeProof> {
  const { seed, rounds, say } = options;
  const chain = await ForkingChain.start(seed, FINALITY, []);
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-prove-lake-'));
  try {
    const run = new LakeRun(chain, await options.newDatabase(), join(folder, 'lake'), seed);
    for (let round = 1; round <= rounds; round++) {
      await run.live();
      await run.killed();
      await run.whole();
      say(`round ${round} of ${rounds}: ${run.summary()}`);
    }
    return await run.end();
  } finally {
    await rm(folder, { recursive: true, force: true });
    await chain.node.stop();
  }
}

class LakeRun {
  private readonly random: SeededRandom;
  private readonly place: LocalPlace;
  private readonly differences: string[] = [];
  private tables: Readonly<Record<string, number>> = {};
  private rows = 0;
  private comparisons = 0;
  private kills = 0;
  private merged = 0;
  private refusals = 0;
  /** A final block may have been replaced since the last whole run. */
  private isDeep = false;

  constructor(
    private readonly chain: ForkingChain,
    private readonly databaseUrl: string,
    folder: string,
    seed: number,
  ) {
    this.random = new SeededRandom(`lake ${seed}`);
    this.place = new LocalPlace(folder);
  }

  /** Some blocks, at times a day later, at times on another fork; all of them indexed. */
  async live(): Promise<void> {
    const { chain, random, databaseUrl } = this;
    await this.ask();
    await this.draw();
    await chain.grow(random.integer(1, OPERATIONS_PER_ROUND));
    if (random.integer(1, 2) === 1) await this.index();
    if (random.integer(1, 3) > 1) await chain.fork({ deep: false });
    if (random.integer(1, 6) === 1) {
      await chain.fork({ deep: true });
      this.isDeep = true;
    }
    if (random.integer(1, 3) === 1) {
      const { blocks } = chain.offering.world;
      await blocks.catchUp();
      await blocks.skip(1, DAY_SECONDS);
    }
    await chain.grow(random.integer(1, OPERATIONS_PER_ROUND));
    await this.index();
    await hashFinal(databaseUrl, [chain.node.chainId]);
  }

  /** A request is rare among random operations: it needs a model that somebody has uploaded. */
  private async ask(): Promise<void> {
    const { oracles } = this.chain.offering;
    await oracles.blocks.catchUp();
    await liveOracles(oracles, ORACLE_OPERATIONS_PER_ROUND);
  }

  /** Content is rare too: it needs a token of a collection, and a prompt of its own. */
  private async draw(): Promise<void> {
    const { collections } = this.chain.offering;
    await collections.blocks.catchUp();
    await liveCollections(collections, COLLECTION_OPERATIONS_PER_ROUND);
  }

  /** Runs of the command that end at a random moment. What readers see is whole. */
  async killed(): Promise<void> {
    const { random } = this;
    for (let left = random.integer(1, 2); left > 0; left--) {
      const args = ['lake', this.place.root, '--keep', '0', '--step', String(random.integer(1, 9))];
      const child = spawn(process.execPath, [join(PROJECT_ROOT, 'bin', 'imo-ledger.js'), ...args], {
        env: { PATH: process.env.PATH, DATABASE_URL: this.databaseUrl },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const timer = setTimeout(() => child.kill('SIGKILL'), random.integer(300, KILL_WITHIN_MS));
      const [code, signal] = await once(child, 'exit');
      clearTimeout(timer);
      if (signal === 'SIGKILL') this.kills += 1;
      else if (code !== 0 && !this.isDeep)
        this.differences.push(`the command ended with exit code ${code}`);
      const latest = await readLatest(this.place);
      if (latest !== null && !this.isDeep) await this.compare(latest, 'after a kill');
    }
  }

  /** A run that nothing disturbs. */
  async whole(): Promise<void> {
    const { place, databaseUrl, random } = this;
    const blocksAtOnce = random.integer(5, 500);
    const { manifest, merged } = await appendTo(place, databaseUrl, { blocksAtOnce }).catch(
      (error: unknown) => this.rebuilt(error),
    );
    this.isDeep = false;
    this.merged += merged;
    await this.compare(manifest, 'after a whole run');
    const { faults } = await verifyLake(place, () => undefined);
    for (const { path, fault } of faults) this.differences.push(`${path}: ${fault}`);
    await this.compareDays();
  }

  async end(): Promise<LakeProof> {
    const { rows, comparisons, kills, merged, refusals, tables, differences, chain } = this;
    return {
      rows,
      comparisons,
      kills,
      reorgs: chain.reorgs,
      merged,
      refusals,
      tables,
      differences,
    };
  }

  summary(): string {
    const { rows, kills, merged, chain, differences } = this;
    return (
      `${chain.reorgs} reorgs, ${this.refusals} deep ones refused, ${kills} kills, ${merged} files merged, ` +
      `${rows} rows compared, ${differences.length} differences`
    );
  }

  /** A lake whose final rows were replaced says so, and is written again. */
  private async rebuilt(error: unknown): Promise<WrittenLake> {
    const isRefusal =
      error instanceof ImoError && ['LAKE_HISTORY_CHANGED', 'LAKE_AHEAD'].includes(error.code);
    if (!this.isDeep || !isRefusal) throw error;
    this.refusals += 1;
    const rebuild = [String(this.chain.node.chainId)];
    return appendTo(this.place, this.databaseUrl, { rebuild });
  }

  private async index(): Promise<void> {
    const { chain, databaseUrl } = this;
    const toBlock = await chain.settle();
    await runIndexer({
      chain: { ...offeringConfig(chain.offering), finalityConfirmation: FINALITY },
      databaseUrl,
      toBlock,
      onProgress: () => undefined,
      onWarning: () => undefined,
      signal: new AbortController().signal,
    });
  }

  private async compare(manifest: LakeManifest, when: string): Promise<void> {
    const views = await readFile(join(this.place.root, VIEWS), 'utf8');
    const compared = await compareLake({ manifest }, this.databaseUrl, views);
    this.differences.push(...compared.differences.map((line) => `${when}: ${line}`));
    this.tables = compared.equal;
    this.rows += Object.values(compared.equal).reduce((sum, count) => sum + count, 0);
    this.comparisons += 1;
  }

  /** Readers by pattern see no row twice. */
  private async compareDays(): Promise<void> {
    for (const { dataset } of LAKE_TABLES) {
      const { name } = dataset;
      const files = (await this.place.list('days')).filter((path) => path.includes(`/${name}/`));
      if (files.length === 0) continue;
      const [twice] = await duckDb(
        `SELECT count(*) - count(DISTINCT row_id) AS twice
         FROM read_parquet('${this.place.root}/days/${name}/**/*.parquet')`,
      );
      if (twice?.twice !== '0')
        this.differences.push(`${name}: ${twice?.twice} rows twice in days`);
    }
  }
}
