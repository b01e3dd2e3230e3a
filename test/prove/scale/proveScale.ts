import { setTimeout as delay } from 'node:timers/promises';
import type { TcpProxy } from '../../support/nodes/tcpProxy.js';
import { query } from '../../support/query.js';
import { type Ages, BlockClock, type TimedAnswer } from './blockClock.js';
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
  /** Ends the run and all of its processes. */
  readonly signal?: AbortSignal;
}

/** What a run showed. Every list of faults has to be empty. */
export interface ScaleReport extends Omit<LoadReport, 'given' | 'timed'> {
  readonly failOvers: number;
  readonly disturbances: number;
  readonly kills: number;
  readonly operations: number;
  /** Of all answers as of the newest block. */
  readonly ages: Ages;
  /** The same by what disturbed the servers when they were asked for. */
  readonly agesIn: ReadonlyMap<string, Ages>;
  /** Statements of API servers that a standby cancelled because of recovery. */
  readonly conflicts: number;
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
/** A standby that writes something else in the meantime is too old to be asked before blocks are. */
const PAUSES_AT_MOST = 5;
/** Requests that no server answered: replicas do not answer alone for long. */
const REFUSED_IN_ROW = 6;
const CONFLICT_WITHIN_MS = 120_000;

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
    const clock = new BlockClock(pair, chains);
    closers.push(() => clock.stop());
    const run = new ScaleRun(options, pair, topology, chains, clock);
    closers.push(async () => run.abandon());
    return await orAborted(run.play(), options.signal);
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** @throws the reason of the signal */
async function orAborted<Result>(work: Promise<Result>, signal?: AbortSignal): Promise<Result> {
  if (signal === undefined) return work;
  const aborted = new Promise<never>((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([work, aborted]);
}

export const PAUSED = 'replay paused, resumed';
export const LOST = 'the primary lost, the standby promoted';
const END_SESSIONS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = '${DATABASE}' AND pid <> pg_backend_pid()`;

/** What happens, how it begins, and how it ends. */
type Disturbance = readonly [string, () => Promise<unknown>, (() => Promise<void>)?];

class ScaleRun {
  private failOvers = 0;
  private disturbances = 0;
  private conflicts = 0;
  private load: HonestLoad | null = null;

  constructor(
    private readonly options: ScaleOptions,
    private readonly pair: DatabasePair,
    private readonly topology: Topology,
    private readonly chains: readonly FollowedChain[],
    private readonly clock: BlockClock,
  ) {}

  async play(): Promise<ScaleReport> {
    const { options, topology, chains, clock } = this;
    await this.caughtUp();
    await this.audited();
    const { url } = topology;
    const subjects = chains.map(({ node, tokens }) => ({ chainId: node.chainId, tokens }));
    this.load = new HonestLoad({ ...options, url, subjects, clock });
    for (let round = 1; round <= options.rounds; round++) {
      for (const [what, disturb, end] of this.plan()) {
        this.load.phase = what;
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

  /** Clients ask no more; nobody waits for them. */
  abandon(): void {
    this.load?.abandon();
  }

  /** What happens in a round, in this order, and how it ends after blocks and answers. */
  private plan(): readonly Disturbance[] {
    const { pair, topology } = this;
    const { servers, indexers, pgbouncer } = topology;
    const [server] = servers;
    const [indexer] = indexers;
    const onWires = async (change: (wire: TcpProxy) => void) => pair.wires.forEach(change);
    return [
      [PAUSED, () => this.pauseWithOld(), () => this.resume()],
      ['connections reset', () => onWires((wire) => wire.cut())],
      ['servers out of reach', () => this.outOfReach(onWires)],
      ['PgBouncer restarted', () => pgbouncer.restart()],
      ['sessions of both servers ended', () => this.endSessions()],
      ['statements in the way of the replay cancelled', () => this.conflict()],
      ['an API server killed', async () => server?.kill('all')],
      ['an indexer killed', async () => indexer?.kill('all')],
      [LOST, () => this.failOver(), () => this.caughtUp()],
      ['a standby again', () => pair.restoreStandby()],
    ];
  }

  private async heads(): Promise<ReadonlyMap<number, number>> {
    const heads = new Map<number, number>();
    for (const chain of this.chains) heads.set(chain.node.chainId, await chain.head());
    return heads;
  }

  /** Pauses replay until some answer lacks a block that the primary has: otherwise nothing would be measured. */
  private async pauseWithOld(): Promise<void> {
    for (let pauses = 0; pauses < PAUSES_AT_MOST; pauses++) {
      const { old } = this.load ?? { old: 0 };
      await this.pauseAndGrow();
      await this.load?.oldOrUpToDate(await this.heads(), CURRENT_ANSWERS);
      if ((this.load?.old ?? 0) > old) return;
      await this.pair.resumeReplay();
      await this.replayed();
    }
    throw new Error(`no answer of a paused standby in ${PAUSES_AT_MOST} pauses`);
  }

  private async pauseAndGrow(): Promise<void> {
    await this.pair.pauseReplay();
    for (const chain of this.chains) await chain.grow(1);
    await this.caughtUp();
  }

  /** Waits until the standby has all blocks of the primary. */
  private async replayed(): Promise<void> {
    const deadline = performance.now() + CAUGHT_UP_WITHIN_MS;
    for (const [chainId, head] of await this.heads()) {
      while ((await this.indexedBlock(chainId, 'standby')) !== head) {
        if (performance.now() > deadline) throw new Error(`the standby does not reach ${head}`);
        await delay(POLL_MS);
      }
    }
  }

  /** Not before answers are of the newest blocks all the same: the standby is too old to be asked. */
  private async resume(): Promise<void> {
    await this.load?.upToDate(await this.heads(), CURRENT_ANSWERS);
    await this.pair.resumeReplay();
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
    for (const role of ['standby', 'primary'] as const) await this.pair.on(role, END_SESSIONS);
  }

  /** The standby cancels what reads a table that the primary locks: until it has cancelled a statement of a request. */
  private async conflict(): Promise<void> {
    const before = await this.cancelled();
    const deadline = performance.now() + CONFLICT_WITHIN_MS;
    for (let locks = 0; (await this.cancelled()) === before; locks++) {
      const table = locks % 2 === 0 ? 'holder' : 'balance_checkpoint';
      const lock = `BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE; COMMIT`;
      // An indexer that waits for it and holds what it waits for: one of the two gives way.
      await this.pair.on('primary', lock).catch(() => undefined);
      if (performance.now() > deadline) throw new Error('the standby has cancelled no statement');
      await delay(POLL_MS);
    }
    this.conflicts += (await this.cancelled()) - before;
  }

  /** How many statements the standby has cancelled because of recovery. */
  private async cancelled(): Promise<number> {
    const [row] = await this.pair.on(
      'standby',
      `SELECT confl_lock + confl_snapshot + confl_bufferpin + confl_deadlock AS cancelled
       FROM pg_stat_database_conflicts WHERE datname = current_database()`,
    );
    return Number(row?.cancelled ?? 0);
  }

  /** The standby lacks blocks that the primary had, and no server knows how many until one of them takes writes. */
  private async failOver(): Promise<void> {
    await this.pauseAndGrow();
    const after = await this.pair.failOver(async () => this.load?.silence(REFUSED_IN_ROW));
    this.clock.promoted(after);
    this.failOvers += 1;
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

  private async indexedBlock(
    chainId: number,
    role: 'primary' | 'standby' = 'primary',
  ): Promise<number | null> {
    const statement = `SELECT height FROM chain_cursor WHERE chain_id = ${chainId}`;
    const rows = await this.pair.on(role, statement).catch(() => []);
    const [row] = rows;
    return row === undefined ? null : Number(row.height);
  }

  private async judge({ given, timed, ...report }: LoadReport): Promise<ScaleReport> {
    const { pair, chains, topology, options, clock, conflicts } = this;
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
      ages: clock.ages(timed),
      agesIn: new Map(
        [...byPhase(timed)].map(([phase, answers]) => [phase, clock.ages(answers)] as const),
      ),
      conflicts,
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

function byPhase(timed: readonly TimedAnswer[]): ReadonlyMap<string, readonly TimedAnswer[]> {
  const phases = new Map<string, TimedAnswer[]>();
  for (const answer of timed) {
    const answers = phases.get(answer.phase) ?? [];
    phases.set(answer.phase, answers);
    answers.push(answer);
  }
  return phases;
}

/** What a run must not show, in lines. */
export function scaleFaults(report: ScaleReport): string[] {
  const { failed, stale, contradictions, differences, ages, conflicts, disturbances } = report;
  const atMostMs = LAG_SECONDS * 1_000;
  return [
    ...failed.map((line) => `FAILED ${line}`),
    ...stale.map((line) => `STALE ${line}`),
    ...contradictions.map((line) => `CONTRADICTED ${line}`),
    ...differences.map((line) => `DIFFERENT ${line}`),
    ...(ages.primaryMs > atMostMs
      ? [`OLD an answer was ${ages.primaryMs.toFixed(0)} ms old, more than ${atMostMs}`]
      : []),
    ...(disturbances > 0 && ages.old === 0 ? ['NOT MEASURED no standby was behind'] : []),
    ...(disturbances > 0 && conflicts === 0 ? ['NOT MEASURED no conflict with recovery'] : []),
  ];
}
