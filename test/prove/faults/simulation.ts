import { setTimeout as delay } from 'node:timers/promises';
import { latestBlock } from '../../../devnet/chain.js';
import { SeededRandom } from '../../../devnet/random.js';
import type { PostgresServer } from '../../support/databases/postgresServer.js';
import type { TcpProxy } from '../../support/nodes/tcpProxy.js';
import { CacheWriting, damageCache } from './cacheDamage.js';
import type { FaultySources } from './faultySources.js';
import type { ForkingChain } from './forkingChain.js';
import type { IndexProcess } from './indexProcess.js';
import type { FaultyRpc } from './rpcFaults.js';
import { type FaultEvent, RPC_FAULTS_PER_MINUTE, STEPS_PER_MINUTE } from './schedule.js';

/** All that a run plays with. */
export interface Stage {
  readonly server: PostgresServer;
  readonly database: string;
  readonly chain: ForkingChain;
  readonly rpc: FaultyRpc;
  readonly wire: TcpProxy;
  readonly index: IndexProcess;
  /** `null`: every final block is read from the node. */
  readonly sources: FaultySources | null;
  /** Writes the config in which the next way to read final blocks stands; returns its name. */
  readonly chooseSource: () => Promise<string>;
}

/** A database that knows the contracts, and was left at the first block. */
export const BACKUP = 'backup';
/** Of 1000 requests to the node, how many go wrong; the second where the plan wants more. */
const WRONG_PER_MILLE = 150;
const MORE_WRONG_PER_MILLE = 250;
const WRONG_BEFORE_COMMIT_PER_MILLE = 25;
/** The longest that a step waits for what may never come: requests, bytes, a commit. */
const WAIT_AT_MOST_MS = 600;
/** A slow machine needs so long to start the process again. */
const COMMIT_WITHIN_MS = 30_000;
const RPC_FAULTS_WITHIN_MS = 120_000;
const CATCH_UP_WITHIN_MS = 600_000;
const POLL_MS = 50;

/** One run: what happens to the index, and what is counted meanwhile. */
export class Simulation {
  databaseRestarts = 0;
  brokenConnections = 0;
  advances = 0;
  readonly indexedAnew: Record<string, number> = {};
  private indexed = '';
  private readonly random: SeededRandom;

  constructor(
    private readonly stage: Stage,
    seed: number,
    private readonly say: (line: string) => void,
  ) {
    this.random = new SeededRandom(`faults ${seed}`);
  }

  /**
   * Does all of a plan, in the time that it is for or in a longer one.
   *
   * @throws Error with the last output of the process if it ended for no good reason
   */
  async play(plan: readonly FaultEvent[]): Promise<void> {
    const { chain, rpc, index } = this.stage;
    const startedAt = Date.now();
    for (const [position, event] of plan.entries()) {
      const step = position + 1;
      await chain.grow(this.random.integer(1, 8));
      await within(rpc.after(this.random.integer(1, 40)), WAIT_AT_MOST_MS);
      await this.noteAdvance();
      await this.stage.sources?.drift((await latestBlock(chain.node)).number);
      await this.do(event);
      index.assertNoSurprise();
      const wanted = (RPC_FAULTS_PER_MINUTE * step) / STEPS_PER_MINUTE;
      rpc.perMille = rpc.total < wanted ? MORE_WRONG_PER_MILLE : WRONG_PER_MILLE;
      const pause = startedAt + (60_000 * step) / STEPS_PER_MINUTE - Date.now();
      if (pause > 0) await delay(pause);
      if (step % STEPS_PER_MINUTE === 0) this.tell(step, plan.length);
    }
    const wanted = (RPC_FAULTS_PER_MINUTE * plan.length) / STEPS_PER_MINUTE;
    await until(async () => rpc.total >= wanted, RPC_FAULTS_WITHIN_MS);
    rpc.perMille = 0;
  }

  /** @throws Error with the last output of the process if it does not index the block */
  async caughtUp(head: number): Promise<void> {
    const { chain, index } = this.stage;
    const tag = `0x${head.toString(16)}`;
    const params = [tag, false];
    const { hash } = await chain.node.rpc.call<{ hash: string }>('eth_getBlockByNumber', params);
    const isThere = async () => {
      index.assertNoSurprise();
      return (await this.indexedHash()) === hash;
    };
    if (await until(isThere, CATCH_UP_WITHIN_MS)) return;
    throw new Error(`block ${head} is not reached; ${index.describe()}`);
  }

  private async do(event: FaultEvent): Promise<void> {
    const { chain, wire, index } = this.stage;
    const { random } = this;
    switch (event) {
      case 'fork':
      case 'deep fork':
        return chain.fork({ deep: event === 'deep fork' });
      case 'kill':
        // Now and then it gets on first; else it may be killed while it still starts.
        if (random.chance(50)) await this.commit();
        return index.kill(random.pick(['parent', 'parent', 'children', 'all']));
      case 'kill while it writes':
        await within(wire.sent(random.integer(1, 4_000)), WAIT_AT_MOST_MS);
        return index.kill(random.pick(['parent', 'children', 'all']));
      case 'break connections':
        await within(wire.cutAfterBytes(random.integer(1, 4_000)), WAIT_AT_MOST_MS);
        this.brokenConnections += 1;
        return;
      case 'restart the database':
        return this.restartDatabase();
      case 'damage the cache':
        return this.damage();
      case 'index anew':
        return this.indexAnew(random.chance(50));
      case 'kill while it keeps':
        return this.killWhileItKeeps();
      case 'nothing':
    }
  }

  private async damage(): Promise<void> {
    const { sources } = this.stage;
    if (sources === null) return;
    const done = await damageCache(sources.folder, this.random);
    if (done !== null) sources.note(done);
  }

  /** Ends the process while it writes into its cache, if it does. */
  private async killWhileItKeeps(): Promise<void> {
    const { sources, index, chain } = this.stage;
    if (sources === null) return;
    const writing = await CacheWriting.watch(sources.folder, chain.node.chainId);
    try {
      await index.pause(writing.begun.then(() => sources.note('kill while it keeps')));
      index.resume();
    } finally {
      writing.close();
    }
  }

  /** Starts again from the first block, as of a backup, and with another source of final blocks. */
  private async indexAnew(inOrder: boolean): Promise<void> {
    const { server, database, index, rpc, chooseSource } = this.stage;
    await index.pause(inOrder ? delay(WAIT_AT_MOST_MS * 10) : Promise.resolve());
    const source = await chooseSource();
    await server.query(`DROP DATABASE ${database} WITH (FORCE)`, 'postgres');
    await server.query(`CREATE DATABASE ${database} TEMPLATE ${BACKUP}`, 'postgres');
    this.indexed = '';
    index.resume();
    this.indexedAnew[source] = (this.indexedAnew[source] ?? 0) + 1;
    // A step that fails is done again from the last commit: with more faults, the first takes long.
    rpc.perMille = WRONG_BEFORE_COMMIT_PER_MILLE;
    await this.commit();
  }

  private async restartDatabase(): Promise<void> {
    const { server } = this.stage;
    await server.kill(this.random.pick(['SIGQUIT', 'SIGQUIT', 'SIGKILL', 'SIGINT']));
    await server.start();
    this.databaseRestarts += 1;
  }

  /** Waits a while for a commit. */
  private async commit(): Promise<void> {
    const before = await this.indexedHash();
    await until(async () => (await this.indexedHash()) !== before, COMMIT_WITHIN_MS);
    await this.noteAdvance();
  }

  private async noteAdvance(): Promise<void> {
    const now = await this.indexedHash();
    if (now !== this.indexed) this.advances += 1;
    this.indexed = now;
  }

  /** Of the newest block that is committed. */
  private async indexedHash(): Promise<string> {
    const { server, database } = this.stage;
    const rows = await server.query<{ hash: Buffer }>('SELECT hash FROM chain_cursor', database);
    return `0x${rows[0]?.hash.toString('hex')}`;
  }

  private async tell(step: number, steps: number): Promise<void> {
    const { chain, rpc, index, server, database } = this.stage;
    const sql = 'SELECT height FROM chain_cursor';
    const [cursor] = await server.query<{ height: number }>(sql, database);
    this.say(
      `step ${step} of ${steps}: ${chain.operations} operations, ${index.kills} kills, ` +
        `${chain.reorgs} reorgs, ${rpc.total} RPC faults of ${rpc.requests} requests, ` +
        `${this.databaseRestarts} database restarts, ${this.advances} advances, ` +
        `block ${cursor?.height} of ${(await latestBlock(chain.node)).number} indexed`,
    );
  }
}

/** Waits for a promise, but no longer than so many milliseconds. */
async function within(condition: Promise<void>, milliseconds: number): Promise<void> {
  await Promise.race([condition, delay(milliseconds)]);
}

/** Waits until something is so, for so many milliseconds at most. Resolves with whether it is. */
async function until(isSo: () => Promise<boolean>, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    if (await isSo()) return true;
    if (Date.now() >= deadline) return false;
    await delay(POLL_MS);
  }
}
