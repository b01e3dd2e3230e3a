import type { EvmBatchProcessor } from '@subsquid/evm-processor';
import type { ClientBase } from 'pg';
import { checksummed } from '../../address.js';
import type { ChainNode } from '../../chain/node.js';
import { readNewestRound } from '../../chain/prices/feed.js';
import { assertNeverLogged, roundDiffers, skippedRounds } from '../../chain/prices/missedRound.js';
import { aggregatorAt } from '../../chain/prices/phases.js';
import { type LoggedRound, roundsOf } from '../../chain/prices/rounds.js';
import { requestFeeds } from '../../chain/prices/source.js';
import type { FIELDS, SourceBlock } from '../../chain/reading/source.js';
import { ImoError } from '../../errors.js';
import type { PriceFeed } from '../../store/registry/priceFeeds.js';
import { readNewestRoundIds } from '../../store/write/rows/priceRows.js';
import type { BookingTarget, CommitWork, Desk } from '../desks/desk.js';
import { type BookedContract, ofContract } from '../holding/contractTrouble.js';
import { bookOpening, bookRounds } from './priceBook.js';

/** Keeps the rounds of the price feeds of a chain. */
export class PriceDesk implements Desk {
  readonly startBlock: number;
  readonly contractNumbers: readonly number[];
  readonly isLarge = false;
  /** Feeds of which nothing is in the books, not even their beginning. */
  private unopened: ReadonlySet<PriceFeed> = new Set();
  /** Ids of the newest booked rounds, by the number of the feed. */
  private newest = new Map<number, bigint>();
  /** The block of the last comparison of a feed with its aggregator, by the number of the feed. */
  private readonly checked = new Map<number, number>();
  private openedAt = -1;
  /** Feeds with new rounds since the last comparison with their aggregators, and skipped ids. */
  private readonly unchecked = new Map<PriceFeed, readonly bigint[]>();

  constructor(
    private readonly node: ChainNode,
    private readonly feeds: readonly PriceFeed[],
  ) {
    this.startBlock = Math.min(...feeds.map(({ startBlock }) => startBlock));
    this.contractNumbers = feeds.map(({ number }) => number);
  }

  request(processor: EvmBatchProcessor<typeof FIELDS>): void {
    requestFeeds(processor, this.feeds);
  }

  async open(db: ClientBase, height: number): Promise<void> {
    this.newest = await readNewestRoundIds(db, this.contractNumbers);
    this.unopened = new Set(this.feeds.filter(({ startBlock }) => startBlock > height));
    this.unchecked.clear();
    this.checked.clear();
    this.openedAt = height;
  }

  async book(blocks: readonly SourceBlock[], target: BookingTarget): Promise<number> {
    const last = blocks.at(-1);
    if (last === undefined) return 0;
    const feeds = this.feeds.filter(({ aggregator }) => !target.held.has(aggregator));
    await this.openUpTo(last.header.height, blocks, target);
    let rounds = 0;
    for (const { header, logs } of blocks) {
      if (logs.length === 0) continue;
      for (const feed of feeds) {
        if (header.height < feed.startBlock) continue;
        const { hash, height: number, timestamp: timestampMs } = header;
        const found = await ofContract(contractOf(feed), number, () =>
          roundsOf(logs, feed.aggregator),
        );
        bookRounds(feed, { number, hash, timestampMs }, found, target);
        rounds += found.length;
        this.remember(feed, found);
      }
    }
    if (target.settle) {
      await this.assertPhases(last);
      await this.assertRounds(last, target.held);
    }
    return rounds;
  }

  takeCommitWork(): CommitWork {
    return async () => undefined;
  }

  allCommitted(): void {}

  private remember(feed: PriceFeed, rounds: readonly LoggedRound[]): void {
    const newest = rounds.at(-1);
    if (newest === undefined) return;
    const skipped = skippedRounds(this.newest.get(feed.number) ?? null, rounds);
    this.unchecked.set(feed, [...(this.unchecked.get(feed) ?? []), ...skipped]);
    this.newest.set(feed.number, newest.roundId);
  }

  private async openUpTo(
    height: number,
    blocks: readonly SourceBlock[],
    { rows, held }: BookingTarget,
  ): Promise<void> {
    for (const feed of this.unopened) {
      if (feed.startBlock > height || held.has(feed.aggregator)) continue;
      const block = blocks.find(({ header }) => header.height === feed.startBlock)?.header;
      const opening = await ofContract(contractOf(feed), feed.startBlock, () =>
        bookOpening(this.node, feed, block?.parentHash ?? null, rows),
      );
      if (opening !== null) this.newest.set(feed.number, opening);
    }
    const { unopened } = this;
    this.unopened = new Set([...unopened].filter(({ startBlock }) => startBlock > height));
  }

  /**
   * A proxy logs nothing when it is pointed at another aggregator.
   *
   * @throws ImoError `CHAIN_FEED_MOVED`: the next attempt finds the new one and where it begins.
   */
  private async assertPhases({ header }: SourceBlock): Promise<void> {
    for (const feed of this.feeds) {
      const isProxied = feed.configured !== feed.aggregator;
      if (!isProxied || this.phaseAt(feed, header.height) !== feed) continue;
      const aggregator = await aggregatorAt(this.node, feed.configured, { hash: header.hash });
      if (aggregator === feed.aggregator || aggregator === feed.configured) continue;
      throw new ImoError(
        'CHAIN_FEED_MOVED',
        `the proxy ${checksummed(feed.configured)} now points to ${checksummed(aggregator)}, ` +
          `no longer to ${checksummed(feed.aggregator)} (block ${header.height})`,
        'No action is needed: from that block on, its prices come from the new aggregator.',
      );
    }
  }

  /**
   * @throws ImoError `RPC_LOGS_MISSING` if an aggregator has a round in between that no log said,
   *   `PRICE_ROUND_DIFFERS` if it knows of another newest round.
   */
  private async assertRounds({ header }: SourceBlock, held: ReadonlySet<string>): Promise<void> {
    for (const [feed, skipped] of this.unchecked) {
      if (held.has(feed.aggregator)) continue;
      // All that was booked since the last comparison is in doubt.
      const lastBlock = Math.max(
        this.checked.get(feed.number) ?? this.openedAt,
        feed.startBlock - 1,
      );
      await ofContract(
        contractOf(feed),
        header.height,
        () => this.assertRoundsOf(feed, skipped, header),
        lastBlock,
      );
    }
    for (const { number } of this.feeds) this.checked.set(number, header.height);
    this.unchecked.clear();
  }

  private async assertRoundsOf(
    { aggregator, number }: PriceFeed,
    skipped: readonly bigint[],
    { hash, height }: SourceBlock['header'],
  ): Promise<void> {
    await assertNeverLogged(this.node, aggregator, skipped, { hash });
    const roundId = this.newest.get(number);
    const own = await readNewestRound(this.node, aggregator, { hash });
    if (own === null || own.roundId === roundId) return;
    // Its log may only be missing, which another endpoint can mend.
    await assertNeverLogged(this.node, aggregator, [own.roundId], { hash });
    throw roundDiffers(aggregator, height, own.roundId, roundId ?? null);
  }

  /** The feed that is in force at a block for what a feed prices. */
  private phaseAt({ asset, currency }: PriceFeed, height: number): PriceFeed | undefined {
    return this.feeds
      .filter((feed) => feed.asset === asset && feed.currency === currency)
      .filter(({ startBlock }) => startBlock <= height)
      .reduce<PriceFeed | undefined>(
        (newest, feed) => (newest && newest.startBlock > feed.startBlock ? newest : feed),
        undefined,
      );
  }
}

function contractOf({ aggregator }: PriceFeed): BookedContract {
  return { kind: 'feed', address: aggregator };
}
