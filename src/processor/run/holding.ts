import { setTimeout as delay } from 'node:timers/promises';
import { checksummed } from '../../address.js';
import { ChainNode } from '../../chain/node.js';
import { RereadError } from '../../chain/reading/rereadError.js';
import { PooledClient } from '../../chain/rpc/connection/pooledClient.js';
import { registryKey } from '../../store/booksKey.js';
import { newPool } from '../../store/database/postgres.js';
import { newestUntracedBlock } from '../../store/read/operations/untracedReceipts.js';
import type { HoldRecord } from '../../store/read/tokens/holds.js';
import { forgetHeldFeed } from '../../store/registry/priceFeeds.js';
import { readCursor } from '../../store/write/cursor.js';
import { releaseHoldsAbove, writeHold } from '../../store/write/holds.js';
import {
  CreationsChangedError,
  createdText,
  noteCreations,
} from '../factories/creationsChanged.js';
import { readOwnHolds } from '../groups/ownContracts.js';
import { attemptMark, isChanged } from '../holding/attemptMark.js';
import {
  ContractTroubleError,
  HeldContractError,
  HoldDueError,
  HoldWrongError,
} from '../holding/contractTrouble.js';
import { DoubtSteps } from '../holding/doubtSteps.js';
import { DoubtOverError, WayFailedError } from '../holding/frameWays.js';
import { describe } from '../holding/holdText.js';
import { HoldRetryError } from '../holding/retries.js';
import { rewindChain } from '../holding/rewind.js';
import { endWhereRight } from '../holding/rightBooks.js';
import { shownFrames } from '../holding/shownFrames.js';
import { Sightings } from '../holding/sightings.js';
import { TermsChangedError } from '../tokens/terms/termsChanged.js';
import type { AttemptOptions } from './attemptOptions.js';
import { databaseNow, type OpenConnections, openConnections } from './connections.js';

/** Pause before a block that does not add up is read again, in milliseconds. */
const PAUSE_MS = 250;

/**
 * Ends the books of a contract that cannot continue, so that the others do. A block that does not
 * add up is first read again, from every endpoint and in every way: the node may be at fault.
 * When the block is final, it is read again.
 */
export class Holding {
  private readonly sightings = new Sightings();
  private readonly steps = new DoubtSteps();
  /** Where the last reread began, and how many rereads in a row began before the one before. */
  private reread = { block: 0, backwards: 0 };
  /** Contracts that another program or config held were released. */
  private isUpToDate = false;

  constructor(private readonly options: AttemptOptions) {}

  /**
   * Repeats an attempt until it ends without trouble of a contract.
   *
   * @param attempt indexes up to a block; `null`: as far as was asked for
   */
  async run(attempt: (toBlock: number | null) => Promise<void>): Promise<void> {
    if (!this.isUpToDate) await this.releaseChanged();
    this.isUpToDate = true;
    for (;;) {
      try {
        const { next } = this.steps;
        await attempt(next);
        if (next === null) return;
        this.steps.done();
      } catch (error) {
        await this.react(error);
      }
      if (this.options.signal.aborted) return;
    }
  }

  /** @throws what is not about one contract, or the way of reading its frames */
  private async react(error: unknown): Promise<void> {
    if (error instanceof HoldDueError) return this.release();
    if (error instanceof DoubtOverError) return this.settle();
    if (error instanceof HoldRetryError) return this.retry(error);
    if (error instanceof WayFailedError) return this.options.ways.giveUp();
    if (error instanceof HoldWrongError) return this.compareHeld();
    if (error instanceof RereadError) return this.readAgain(error);
    if (error instanceof CreationsChangedError) return this.create(error);
    if (error instanceof TermsChangedError) return this.learn(error);
    if (error instanceof ContractTroubleError) return this.met(error);
    throw error;
  }

  /** The holds whose books ended before the last block that is wanted. */
  async readHeld(): Promise<readonly HoldRecord[]> {
    const { chain, toBlock, database } = this.options;
    const holds = await database.ask((db) => readOwnHolds(db, chain));
    return holds.filter(({ lastBlock }) => lastBlock < (toBlock ?? 0));
  }

  private async met(trouble: ContractTroubleError): Promise<void> {
    const { pool, onWarning, signal, ways } = this.options;
    const { address } = trouble.contract;
    const seen = { address, block: trouble.block, code: trouble.code };
    const { sightings, isBelieved } = this.sightings.note(seen, ways.allReadings);
    if (!isBelieved) {
      ways.doubt(trouble.block);
      this.steps.doubt(trouble.block, sightings);
      onWarning(`${trouble.message}. Reading block ${trouble.block} again`);
      if (sightings === 1) await this.rewindDoubtful(trouble);
      pool.distrustBlock(trouble.block);
      await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      return;
    }
    this.settle();
    await this.hold(trouble);
    this.sightings.forget(address);
  }

  /** Nothing is doubted any more. */
  private settle(): void {
    this.options.ways.settle();
    this.steps.settle();
  }

  /**
   * What was booked before may be what is wrong: rows of blocks that are not final, and money without
   * a frame where the balance is too low now.
   */
  private async rewindDoubtful({ contract, block, code }: ContractTroubleError): Promise<void> {
    const { id: chainId } = this.options.chain;
    await this.withDatabase(async ({ writer }) => {
      const cursor = await readCursor(writer, chainId);
      if (cursor === null) return;
      const { height: finalized } = cursor.finalized;
      if (block > finalized) await rewindChain(writer, chainId, finalized);
      if (code !== 'CHAIN_BALANCE_TOO_LOW') return;
      const doubtful = await newestUntracedBlock(writer, registryKey(chainId), contract.address);
      if (doubtful !== null) await rewindChain(writer, chainId, doubtful - 1);
    });
  }

  /** Reads blocks again from one on; from ever earlier ones while the fault turns out to be older. */
  private async readAgain({ block, message }: RereadError): Promise<void> {
    const { chain, onWarning } = this.options;
    const backwards = block < this.reread.block ? this.reread.backwards + 1 : 0;
    this.reread = { block, backwards };
    const from = Math.max(0, block - (2 ** Math.min(backwards, 30) - 1));
    onWarning(`${message}. Reading the blocks from ${from} on again`);
    await this.withDatabase(({ writer }) => rewindChain(writer, chain.id, from - 1));
  }

  /** Notes what factories created: the next attempt indexes it. */
  private async create(change: CreationsChangedError): Promise<void> {
    const { chain, onWarning } = this.options;
    onWarning(createdText(change));
    await this.withDatabase(({ writer }) => noteCreations(writer, chain.id, change));
  }

  /** Reads the blocks from a change of terms on again, unless that did not help before. */
  private async learn({ token, block, trouble }: TermsChangedError): Promise<void> {
    const { chain, onWarning, learned } = this.options;
    const contract = { kind: 'token', address: token } as const;
    if (!learned.learn(token, block)) {
      return this.met(new ContractTroubleError(contract, block, block - 1, trouble));
    }
    onWarning(`${trouble.message}. Reading the blocks from ${block} on again, with the change`);
    await this.withDatabase(({ writer }) => rewindChain(writer, chain.id, block - 1));
  }

  private async hold({ contract, block, lastBlock, code, message, hint }: ContractTroubleError) {
    const { chain, onWarning, heard } = this.options;
    const { head, framesHash } = await this.withNode(async (node) => ({
      head: await node.headNumber(),
      framesHash: await shownFrames(node, block),
    }));
    const isConfirmed = block <= head - chain.finalityConfirmation;
    const mark = attemptMark(chain, contract);
    const answers = heard.about(contract.address);
    const chainId = registryKey(chain.id);
    const hold = { chainId, ...contract, block, lastBlock, isConfirmed, code, hint };
    const isCompared = contract.kind !== 'token';
    await this.withDatabase(async ({ writer }) => {
      // Rows above the last right block are committed already where the trouble began earlier.
      await rewindChain(writer, chain.id, lastBlock);
      const ended = { ...hold, ...mark, framesHash, isCompared, reason: message };
      await writeHold(writer, ended, answers);
    });
    onWarning(`${describe({ ...hold, reason: message })}. The other contracts continue. ${hint}`);
    await this.compareHeld();
  }

  /** What ended some books may have been wrong before: they end where the contract confirms them. */
  private async compareHeld(): Promise<void> {
    const { chain, onWarning, databaseUrl } = this.options;
    // Figures are read side by side.
    const reader = newPool({
      connectionString: await databaseNow(databaseUrl),
      max: 2,
      application_name: 'imo-ledger holds',
    });
    try {
      await this.withNode((node) =>
        this.withDatabase(async ({ writer }) => {
          const indexedTo = (await readCursor(writer, chain.id))?.head.height ?? -1;
          for (const hold of await readOwnHolds(writer, chain)) {
            if (hold.isCompared || hold.lastBlock > indexedTo) continue;
            const right = await endWhereRight({ writer, reader, key: chain.id }, node, hold);
            const reason = `${hold.reason}${right.found}`;
            const isConfirmed = hold.isConfirmed || right.isFinal;
            const { lastBlock } = right;
            const compared = { ...hold, lastBlock, isConfirmed, isCompared: true, reason };
            await writeHold(writer, compared);
            if (right.found !== '') onWarning(describe(compared));
          }
        }),
      );
    } finally {
      await reader.end();
    }
  }

  private async release(): Promise<void> {
    const { chain, onWarning } = this.options;
    await this.withDatabase(async ({ writer }) => {
      const due = (await readOwnHolds(writer, chain)).filter(({ isConfirmed }) => !isConfirmed);
      const booked = await this.forgetFeeds(writer, due, 'Blocks of held prices are final now');
      if (booked.length === 0) return;
      const oldest = Math.min(...booked.map(({ lastBlock }) => lastBlock));
      this.distrust(booked);
      await rewindChain(writer, chain.id, oldest);
      onWarning(`Reading the blocks from ${oldest + 1} on again: a held contract may continue`);
    });
  }

  /** Reads the blocks of one held contract again. */
  private async retry({ hold, message }: HoldRetryError): Promise<void> {
    const { chain, onWarning } = this.options;
    await this.withDatabase(async ({ writer }) => {
      const [booked] = await this.forgetFeeds(writer, [hold], message);
      if (booked === undefined) return;
      this.distrust([booked]);
      onWarning(`${message}. Reading the blocks from ${hold.lastBlock + 1} on again`);
      await rewindChain(writer, chain.id, hold.lastBlock);
    });
  }

  /**
   * Has the blocks that ended some books read from the nodes again, from the last right one on. What comes after
   * them is read from the cache as far as it has it.
   */
  private distrust(holds: readonly HoldRecord[]): void {
    for (const { lastBlock, block } of holds) {
      this.options.pool.distrustBlocks({ from: lastBlock + 1, to: block });
    }
  }

  /**
   * Forgets the feeds among held contracts: their past is read without the chain when they are opened.
   *
   * @returns the other contracts
   */
  private async forgetFeeds(
    writer: OpenConnections['writer'],
    holds: readonly HoldRecord[],
    why: string,
  ): Promise<readonly HoldRecord[]> {
    const feeds = holds.filter(({ kind }) => kind === 'feed');
    for (const { address, chainId } of feeds) await forgetHeldFeed(writer, chainId, address);
    if (feeds.length > 0) this.options.onWarning(`${why}. Reading all prices of it again`);
    return holds.filter(({ kind }) => kind !== 'feed');
  }

  /**
   * Another program, or another config, may book what ended the books of a contract: its blocks are
   * read again, once for each change.
   */
  private async releaseChanged(): Promise<void> {
    const { chain, onWarning, database } = this.options;
    const known = await database.ask((db) => readOwnHolds(db, chain));
    if (!known.some((hold) => isChanged(hold, attemptMark(chain, hold)))) return;
    await this.withDatabase(async ({ writer }) => {
      const holds = await readOwnHolds(writer, chain);
      const changed = holds.filter((hold) => isChanged(hold, attemptMark(chain, hold)));
      const feeds = changed.filter(({ kind }) => kind === 'feed');
      const booked = await this.forgetFeeds(writer, changed, changedText(feeds));
      if (booked.length === 0) return;
      const oldest = Math.min(...booked.map(({ lastBlock }) => lastBlock));
      this.distrust(booked);
      await rewindChain(writer, chain.id, oldest);
      // What was not indexed further is released all the same.
      await releaseHoldsAbove(writer, chain.id, oldest);
      onWarning(`${changedText(booked)}. Reading the blocks from ${oldest + 1} on again`);
    });
  }

  private async withNode<T>(work: (node: ChainNode) => Promise<T>): Promise<T> {
    const node = new ChainNode(
      new PooledClient(this.options.pool, {
        capacity: 5,
        requestTimeoutMs: 10_000,
        retryAttempts: 4,
      }),
    );
    try {
      return await work(node);
    } finally {
      node.close();
    }
  }

  private async withDatabase<T>(work: (connections: OpenConnections) => Promise<T>): Promise<T> {
    const { databaseUrl, chain } = this.options;
    const connections = await openConnections(databaseUrl, chain.id);
    try {
      return await work(connections);
    } finally {
      await connections.close();
    }
  }
}

function changedText(holds: readonly HoldRecord[]): string {
  const names = holds.map(({ address }) => checksummed(address)).join(', ');
  return `The program or the config changed since ${names} was held`;
}

/** @throws HeldContractError with the code of the first hold, if there is one */
export function assertNoneHeld([first, ...more]: readonly HoldRecord[]): void {
  if (first === undefined) return;
  const others = more.length === 0 ? '' : ` (and ${more.length} more contracts are held)`;
  throw new HeldContractError(first.code, `${describe(first)}${others}`, first.hint);
}
