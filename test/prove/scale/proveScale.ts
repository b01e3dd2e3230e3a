import { setTimeout as delay } from 'node:timers/promises';
import type { TcpProxy } from '../../support/nodes/tcpProxy.js';
import { query } from '../../support/query.js';
import { DATABASE, type DatabasePair } from './databasePair.js';
import { FollowedChain } from './followedChain.js';
import { HonestLoad, type LoadReport } from './honestLoad.js';
import { judgeAnswers, judgeBooks, judgeRows } from './judge.js';
import { LAG_SECONDS, startTopology, type Topology } from './topology.js';

export interface ScaleOptions {
  readonly seed: number;
  /** Each with every disturbance. */
  readonly rounds: number;
  /** That ask at once. */
  readonly clients: number;
  /** Of a client, after an answer. */
  readonly pauseMs: number;
  /** How each begins. */
  readonly chains: { readonly operations: number; readonly indexed: number };
  /** Answers between two disturbances. */
  readonly answersBetween: number;
  /** At which all figures are compared, before the head. */
  readonly earlierBlocks: number;
  readonly openPair: () => Promise<DatabasePair>;
  readonly say: (line: string) => void;
}

/** What a run showed. Every list of faults has to be empty. */
export interface ScaleReport extends Omit<LoadReport, 'given'> {
  readonly failOvers: number;
  readonly disturbances: number;
  readonly kills: number;
  readonly operations: number;
  readonly figures: number;
  readonly rows: number;
  /** Figures and rows that differ from the contracts, and from a fresh index. */
  readonly differences: readonly string[];
}

const CHAIN_IDS = [31_337, 31_338];
const OPERATIONS_PER_STEP = 6;
const CAUGHT_UP_WITHIN_MS = 120_000;
const POLL_MS = 50;
/** Half of the answers come from the primary anyway. */
const CURRENT_ANSWERS = 20;
/** A server that has much else to do may look late how far a replica is. */
const LATE_MS = 5_000;

/**
 * Two chains are indexed into a primary with a standby, and served by two API servers behind nginx and PgBouncer.
 * Meanwhile replay is paused, connections break, processes are killed, and the standby takes the place of the
 * primary. Clients must get every answer, none of them older than what they have seen, and every figure must be that
 * of the contract.
 */
export async function proveScale(options: ScaleOptions): Promise<ScaleReport> {
  const { seed, say } = options;
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const chains: FollowedChain[] = [];
    for (const id of CHAIN_IDS) {
      const chain = await FollowedChain.start(id, seed, options.chains);
      closers.push(() => chain.node.stop());
      chains.push(chain);
    }
    const pair = await options.openPair();
    closers.push(() => pair.stop());
    say(`fail-over by ${pair.name}`);
    const topology = await startTopology(pair, chains);
    closers.push(() => topology.stop());
    return await new ScaleRun(options, pair, topology, chains).play();
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** What happens, how it begins, and how it ends. */
type Disturbance = readonly [string, () => Promise<unknown>, (() => Promise<void>)?];

class ScaleRun {
  private failOvers = 0;
  private disturbances = 0;
  private load: HonestLoad | null = null;

  constructor(
    private readonly options: ScaleOptions,
    private readonly pair: DatabasePair,
    private readonly topology: Topology,
    private readonly chains: readonly FollowedChain[],
  ) {}

  async play(): Promise<ScaleReport> {
    const { options, topology, chains } = this;
    await this.caughtUp();
    await this.audited();
    const { url } = topology;
    const subjects = chains.map(({ node, tokens }) => ({ chainId: node.chainId, tokens }));
    this.load = new HonestLoad({ ...options, url, subjects });
    for (let round = 1; round <= options.rounds; round++) {
      for (const [what, disturb, end] of this.plan()) {
        await disturb();
        this.disturbances += 1;
        await this.goOn();
        await end?.();
        options.say(`round ${round} of ${options.rounds}: ${what}`);
      }
    }
    const report = await this.load.end();
    await this.caughtUp();
    return this.judge(report);
  }

  /** What happens in a round, in this order, and how it ends after blocks and answers. */
  private plan(): readonly Disturbance[] {
    const { pair, topology } = this;
    const { servers, indexers, pgbouncer } = topology;
    const [server] = servers;
    const [indexer] = indexers;
    const replay = (what: 'pause' | 'resume') =>
      pair.on('standby', `SELECT pg_wal_replay_${what}()`);
    const onWires = async (change: (wire: TcpProxy) => void) => pair.wires.forEach(change);
    return [
      ['replay paused, resumed', () => replay('pause'), () => this.resume(replay)],
      ['connections reset', () => onWires((wire) => wire.cut())],
      ['servers out of reach', () => this.outOfReach(onWires)],
      ['PgBouncer restarted', () => pgbouncer.restart()],
      ['sessions of both servers ended', () => this.endSessions()],
      ['statements in the way of the replay cancelled', () => this.conflict()],
      ['an API server killed', async () => server?.kill('all')],
      ['an indexer killed', async () => indexer?.kill('all')],
      ['the primary lost, the standby promoted', () => this.failOver(), () => this.bookedAgain()],
      ['a standby again', () => pair.restoreStandby()],
    ];
  }

  /** Not before answers are of the newest blocks all the same: the standby is too old to be asked. */
  private async resume(replay: (what: 'resume') => Promise<unknown>): Promise<void> {
    const heads = new Map<number, number>();
    for (const chain of this.chains) heads.set(chain.node.chainId, await chain.head());
    await this.load?.upToDate(heads, CURRENT_ANSWERS);
    await replay('resume');
  }

  /** Until a client is refused. */
  private async outOfReach(
    onWires: (change: (wire: TcpProxy) => void) => Promise<void>,
  ): Promise<void> {
    const refused = this.load?.refusal();
    await onWires((wire) => wire.refuse());
    await refused;
    await onWires((wire) => wire.accept());
  }

  /** Blocks on both chains, and answers for clients. */
  private async goOn(): Promise<void> {
    const { chains, options } = this;
    const further = this.load?.further(options.answersBetween);
    for (const chain of chains) await chain.grow(OPERATIONS_PER_STEP);
    await further;
    for (const each of [...this.topology.indexers, ...this.topology.servers])
      each.assertNoSurprise();
  }

  private async endSessions(): Promise<void> {
    const statement = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = '${DATABASE}' AND pid <> pg_backend_pid()`;
    for (const role of ['standby', 'primary'] as const) await this.pair.on(role, statement);
  }

  /** The standby cancels what reads a table that the primary locks. */
  private async conflict(): Promise<void> {
    for (const table of ['holder', 'chain_cursor', 'token']) {
      await this.pair.on('primary', `ALTER TABLE ${table} SET (autovacuum_enabled = true)`);
    }
  }

  private async failOver(): Promise<void> {
    this.load?.losing(true);
    await this.pair.failOver();
    this.failOvers += 1;
  }

  /** What the lost server had, and the other one did not get. */
  private async bookedAgain(): Promise<void> {
    await this.caughtUp();
    this.load?.losing(false);
  }

  /** @throws Error with the last output of the indexer that does not reach the head of its chain */
  private async caughtUp(): Promise<void> {
    const deadline = performance.now() + CAUGHT_UP_WITHIN_MS;
    for (const [index, chain] of this.chains.entries()) {
      const indexer = this.topology.indexers[index];
      const head = await chain.head();
      for (;;) {
        indexer?.assertNoSurprise();
        if ((await this.indexedBlock(chain.node.chainId)) === head) break;
        if (performance.now() > deadline) {
          throw new Error(`block ${head} is not reached; ${indexer?.describe()}`);
        }
        await delay(POLL_MS);
      }
    }
  }

  /** Caches keep no answer about a token whose first audit is still to come. */
  private async audited(): Promise<void> {
    const statement = 'SELECT FROM first_audit WHERE block_number IS NULL';
    while ((await this.pair.on('primary', statement)).length > 0) await delay(POLL_MS);
  }

  private async indexedBlock(chainId: number): Promise<number | null> {
    const statement = `SELECT height FROM chain_cursor WHERE chain_id = ${chainId}`;
    const rows = await this.pair.on('primary', statement).catch(() => []);
    const [row] = rows;
    return row === undefined ? null : Number(row.height);
  }

  private async judge({ given, ...report }: LoadReport): Promise<ScaleReport> {
    const { pair, chains, topology, options } = this;
    const kills = [...topology.indexers, ...topology.servers].reduce(
      (sum, one) => sum + one.kills,
      0,
    );
    const { figures, wrong } = await judgeAnswers(chains, given);
    const books = await judgeBooks(pair.ownerUrl, chains, options.earlierBlocks);
    await query(pair.ownerUrl, 'CREATE DATABASE fresh');
    const fresh = new URL(pair.ownerUrl);
    fresh.pathname = '/fresh';
    const urls = { found: pair.ownerUrl, fresh: fresh.href };
    const { rows, differences } = await judgeRows(topology.config, urls, chains);
    const mismatches = books.mismatches.map(
      ({ figure, token, block, ours, contract }) =>
        `${figure} of ${token} at block ${block}: ours ${ours}, contract ${contract}`,
    );
    return {
      ...report,
      failOvers: this.failOvers,
      disturbances: this.disturbances,
      kills,
      operations: chains.reduce((sum, chain) => sum + chain.operations, 0),
      figures: figures + books.figures,
      rows,
      differences: [...wrong, ...mismatches, ...differences],
    };
  }
}

/** What a run must not show, in lines. */
export function scaleFaults(report: ScaleReport): string[] {
  const { failed, stale, contradictions, differences, oldestMs } = report;
  const atMostMs = LAG_SECONDS * 1_000 + LATE_MS;
  return [
    ...failed.map((line) => `FAILED ${line}`),
    ...stale.map((line) => `STALE ${line}`),
    ...contradictions.map((line) => `CONTRADICTED ${line}`),
    ...differences.map((line) => `DIFFERENT ${line}`),
    ...(oldestMs > atMostMs ? [`OLD an answer was ${oldestMs.toFixed(0)} ms old`] : []),
  ];
}
