import { setTimeout as delay } from 'node:timers/promises';
import { canonical, isSame } from '../../plan/canonical.js';
import { isWanted } from '../../plan/comparePlans.js';
import type { Plan } from '../../plan/plan.js';
import { isPassingDatabaseFault, namedFault } from '../../store/database/databaseFault.js';
import type { SqlClient } from '../../store/database/sqlClient.js';
import { isBegun } from '../../store/joining/discard.js';
import type { EffectiveChain } from '../factories/createdContracts.js';
import type { IndexerOptions } from '../indexerOptions.js';
import { isChainTrouble } from '../reorgs/chainTrouble.js';
import { reasonOf } from '../run/reason.js';
import { JoiningRun } from './joiningRun.js';
import type { LiveIndex } from './liveIndex.js';
import { makeReady } from './makeReady.js';
import { contractsToJoin, type Joining } from './wanted.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** In a run to a block, which somebody waits for. */
const RETRIES_AT_MOST = 8;

/** How a joining ended: `joined` and `again` want the live books to be opened again. */
export type JoiningOutcome = 'nothing' | 'joined' | 'again';

/** Lets contracts join as plans want it, next to one run of the live index after the other. */
export class Joiner {
  private wanted: Joining | null = null;
  private running: Promise<JoiningOutcome> | null = null;
  private stopping = new AbortController();
  /** What an earlier process left in the database is gone. */
  private isTidy = false;
  private failures = 0;
  /** When to try again what failed; `performance.now()`. */
  private notBefore = 0;

  constructor(private readonly options: IndexerOptions) {}

  /**
   * Takes what the live index plans before it opens its books.
   *
   * @param effective the config with what factories created
   * @param db is read before this returns
   */
  async follow(
    plan: Plan,
    { chain, created }: EffectiveChain,
    { live, db }: { readonly live: LiveIndex; readonly db: SqlClient },
  ): Promise<void> {
    const contracts = contractsToJoin(plan);
    if (contracts.length === 0) {
      await this.stop();
      if (!this.isTidy) await this.tidy(db);
      return;
    }
    if (this.running !== null && this.wanted !== null && continues(plan, contracts, this.wanted)) {
      return;
    }
    await this.stop();
    // What has ended has paused the live index meanwhile, which plans again.
    if (live.signal.aborted) return;
    this.isTidy = false;
    if (this.wanted !== null && !isSame(canonical(this.wanted.plan.wanted), canonical(plan.wanted)))
      this.failures = this.notBefore = 0;
    this.wanted = { plan, contracts, created };
    this.stopping = new AbortController();
    const signal = AbortSignal.any([this.options.signal, this.stopping.signal]);
    this.running = this.run({ ...this.options, chain }, this.wanted, live, signal);
    this.running.catch(() => undefined);
  }

  /**
   * Waits for what joins next to a live index that is over.
   *
   * @throws what stopped it, in a run to a block
   */
  async outcome(): Promise<JoiningOutcome> {
    const { running } = this;
    if (running === null) return 'nothing';
    try {
      return await running;
    } finally {
      if (this.running === running) this.running = null;
    }
  }

  /** Ends what joins; what is committed stays for the next start. */
  async stop(): Promise<void> {
    const { running } = this;
    this.stopping.abort();
    await running?.catch(() => undefined);
    if (this.running === running) this.running = null;
  }

  private async run(
    options: IndexerOptions,
    joining: Joining,
    live: LiveIndex,
    signal: AbortSignal,
  ): Promise<JoiningOutcome> {
    const { onJoining, onWarning = () => undefined } = options;
    while (!signal.aborted) {
      const pauseMs = Math.max(0, this.notBefore - performance.now());
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      try {
        const hasJoined = await new JoiningRun(options, joining, live, signal).untilJoined();
        if (!hasJoined && signal.aborted) break;
        if (hasJoined) {
          this.failures = 0;
          onWarning(joinedText(joining));
        }
        // The live index is to plan again.
        await live.pause();
        onJoining?.(null);
        return hasJoined ? 'joined' : 'again';
      } catch (error) {
        await this.noteFailure(error, live, signal);
        // The live index does not wait for what joins.
        if (live.isOver) return 'again';
      }
    }
    return 'again';
  }

  /** @throws the failure, in a run to a block that others cannot mend */
  private async noteFailure(error: unknown, live: LiveIndex, signal: AbortSignal): Promise<void> {
    const { toBlock, onWarning = () => undefined } = this.options;
    if (signal.aborted) return;
    const isPassing = isPassingDatabaseFault(namedFault(error)) || isChainTrouble(error);
    if (toBlock !== null && !(isPassing && this.failures < RETRIES_AT_MOST)) {
      await live.pause();
      throw error;
    }
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** this.failures, LONGEST_PAUSE_MS);
    this.failures++;
    onWarning(
      `${reasonOf(error)}; the contracts that join are tried again in ${pauseMs / 1000} s, the live books continue`,
    );
    this.notBefore = performance.now() + pauseMs;
  }

  /** Gives up what an earlier config wanted to join. */
  private async tidy(db: SqlClient): Promise<void> {
    const { databaseUrl, chain, signal } = this.options;
    if (await isBegun(db, chain.id)) await makeReady(databaseUrl, chain.id, null, signal);
    this.isTidy = true;
  }
}

/** Whether what joins is what a plan wants: a fork of the chain may have taken some of it back. */
function continues(plan: Plan, contracts: Joining['contracts'], known: Joining): boolean {
  const all = new Set(known.contracts.map(({ kind, address }) => `${kind} ${address}`));
  return (
    contracts.every(({ kind, address }) => all.has(`${kind} ${address}`)) &&
    known.contracts.every((contract) => isWanted(plan.wanted, contract))
  );
}

function joinedText({ contracts }: Joining): string {
  const [only] = contracts;
  const what =
    contracts.length === 1 && only !== undefined
      ? `${only.kind} ${only.address}`
      : `${contracts.length} contracts`;
  return `The books of ${what} are live now`;
}
