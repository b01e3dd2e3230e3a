import { setTimeout as delay } from 'node:timers/promises';
import { latestBlock } from '../../../devnet/chain.js';
import type { SeededRandom } from '../../../devnet/random.js';
import type { Manifest } from '../../../src/plan/manifest.js';
import type { IndexProcess } from '../faults/indexProcess.js';
import type { FaultyRpc } from '../faults/rpcFaults.js';
import { ShuffleBag } from './bag.js';
import { isBooked, type JoiningState, readJoiningState } from './joiningState.js';
import type { LifeChain } from './lifeChain.js';
import type { ChangeMoment, LifeStep } from './lifeSteps.js';
import type { LivingManifest } from './livingManifest.js';
import { failFor, NODE_FAILURES, type NodeFailure } from './nodeFailures.js';

/** All that a life plays with. */
export interface LifeStage {
  readonly chain: LifeChain;
  readonly manifest: LivingManifest;
  readonly rpc: FaultyRpc;
  readonly index: IndexProcess;
  readonly databaseUrl: string;
  /** Writes the config as the manifest is now. */
  readonly writeConfig: () => Promise<Manifest>;
  readonly random: SeededRandom;
  readonly say: (line: string) => void;
}

/** Each look connects to the database. */
const POLL_MS = 60;
const JOINING_BEGINS_WITHIN_MS = 60_000;
const SETTLES_WITHIN_MS = 120_000;
/** A kill around the flip comes so long after both books are at one block, at most. */
const KILLED_WITHIN_MS = [10, 60, 400];

/** One run: changes of the config, forks, kills and failing nodes, one after the other. */
export class Life {
  changes = 0;
  /** Kills that met books that were joining. */
  killsWhileJoining = 0;
  /** How often each kind of step was taken. */
  readonly taken = new Map<string, number>();
  /** Ways in which nodes failed that some request met. */
  readonly failed = new Map<NodeFailure, number>(NODE_FAILURES.map((failure) => [failure, 0]));
  private readonly failures: ShuffleBag<NodeFailure>;

  constructor(
    private readonly stage: LifeStage,
    private wanted: Manifest,
  ) {
    this.failures = new ShuffleBag(stage.random, NODE_FAILURES);
  }

  /** @throws Error with the last output of the process if it ended for no good reason */
  async play(steps: readonly LifeStep[]): Promise<void> {
    const { chain, index, say } = this.stage;
    for (const [place, step] of steps.entries()) {
      await chain.grow(step.operations);
      const what = await this.do(step);
      index.assertNoSurprise();
      say(`step ${place + 1} of ${steps.length}: ${what}`);
    }
  }

  /** Waits until the live books are what the config wants, at a block, and nothing is left to be done. */
  async settled(head: number): Promise<void> {
    const { chain, index, databaseUrl } = this.stage;
    const { node } = chain.forking;
    const params = [`0x${head.toString(16)}`, false];
    const { hash } = await node.rpc.call<{ hash: string }>('eth_getBlockByNumber', params);
    const isThere = async ({ live, isBusy }: JoiningState) =>
      live?.hash === hash && !isBusy && (await isBooked(databaseUrl, node.chainId, this.wanted));
    if (await this.until(isThere, SETTLES_WITHIN_MS)) return;
    const state = await readJoiningState(databaseUrl, node.chainId);
    throw new Error(
      `the books do not become those of the config at block ${head}: ${JSON.stringify(state)}; ${index.describe()}`,
    );
  }

  private async do(step: LifeStep): Promise<string> {
    const { chain, index } = this.stage;
    const kind = step.event === 'change' ? step.moment : step.event;
    this.taken.set(kind, (this.taken.get(kind) ?? 0) + 1);
    switch (step.event) {
      case 'change':
        return this.change(step.moment, step.isOrderly);
      case 'fork':
      case 'deep fork':
        await chain.forking.fork({ deep: step.event === 'deep fork' });
        return step.event;
      case 'kill parent':
        await index.kill('parent');
        return step.event;
      case 'kill children':
        await index.kill('children');
        return step.event;
      case 'node fails':
      case 'node fails again':
        return this.fail();
    }
  }

  private async fail(): Promise<string> {
    const { chain, rpc } = this.stage;
    const failure = this.failures.draw();
    const { number } = await latestBlock(chain.forking.node);
    const requests = await failFor(rpc, failure, number);
    if (requests > 0) this.failed.set(failure, (this.failed.get(failure) ?? 0) + 1);
    return `node ${failure} (${requests} requests)`;
  }

  /** Changes the config, starts the process again with it, and lets something happen meanwhile. */
  private async change(moment: ChangeMoment, isOrderly: boolean): Promise<string> {
    const { manifest, writeConfig, index } = this.stage;
    const changes = manifest.change(moment !== 'at once');
    if (isOrderly) await index.pause(delay(SETTLES_WITHIN_MS, undefined, { ref: false }));
    this.wanted = await writeConfig();
    this.changes += 1;
    if (isOrderly) index.resume();
    else await index.kill('all');
    const end = isOrderly ? 'stopped' : 'killed';
    return `${changes.join(', ')}; ${end} before it, ${moment}: ${await this.bear(moment)}`;
  }

  private async bear(moment: ChangeMoment): Promise<string> {
    const { chain, index, random, databaseUrl } = this.stage;
    if (moment === 'at once') return 'continued';
    if (moment === 'until it has joined') {
      await this.settled(await chain.settle(1));
      return 'done';
    }
    const { chainId } = chain.forking.node;
    const isFlip = moment === 'killed around the flip';
    // A change may leave nothing to join.
    const hasBegun = async ({ joining, live }: JoiningState) =>
      joining === null
        ? isBooked(databaseUrl, chainId, this.wanted)
        : !isFlip || joining >= (live?.height ?? 0) - 1;
    await this.until(hasBegun, JOINING_BEGINS_WITHIN_MS);
    await delay(isFlip ? random.integer(0, random.pick(KILLED_WITHIN_MS)) : 0);
    const { joining } = await readJoiningState(databaseUrl, chainId);
    if (moment === 'forked while it joins') {
      await chain.forking.fork({ deep: false });
      return joining === null ? 'forked, nothing is joining' : `forked at block ${joining}`;
    }
    if (moment === 'node fails while it joins') {
      return `${await this.fail()} at block ${joining ?? 'none, nothing is joining'}`;
    }
    if (joining !== null) this.killsWhileJoining += 1;
    await index.kill(random.pick(['parent', 'children', 'all']));
    return joining === null ? 'killed, nothing is joining' : `killed at block ${joining}`;
  }

  /** Waits until something is so, but no longer than so many milliseconds. */
  private async until(
    isSo: (state: JoiningState) => Promise<boolean>,
    milliseconds: number,
  ): Promise<boolean> {
    const { databaseUrl, chain, index } = this.stage;
    const deadline = Date.now() + milliseconds;
    while (Date.now() < deadline) {
      if (await isSo(await readJoiningState(databaseUrl, chain.forking.node.chainId))) return true;
      index.assertNoSurprise();
      await delay(POLL_MS);
    }
    return false;
  }
}
