import type pg from 'pg';
import type { Address } from '../../../address.js';
import { type ChainHead, readChainHeads } from '../../../store/read/chains/chainHeads.js';
import {
  type ChangedEntitlements,
  readChangedEntitlements,
} from '../../../store/read/entitlements/changedEntitlements.js';
import { ENTRIES_PER_EVENT } from '../../limits/cost/eventSize.js';
import { bookWindows, type ChainBooks, readChainBooks, readEntries } from './chainBooks.js';
import { type ChainMove, type LiveChainView, readMove, readView } from './chainView.js';
import type { BooksChange } from './change.js';
import { GapReason } from './enums.js';
import { FEEDS, type FeedName, type LiveEntry } from './feeds.js';
import { RecentEntries } from './recentEntries.js';

/** What a commit did to one chain. */
export interface ChainNews {
  readonly head: ChainHead;
  readonly isReorg: boolean;
  readonly books: ChainBooks;
  readonly changes: ReadonlyMap<FeedName, BooksChange>;
  readonly entitlements: ChangedEntitlements;
}

/** What to look for. */
export interface Interest {
  readonly feeds: ReadonlySet<FeedName>;
  /** Accounts whose entitlement is followed. */
  readonly accounts: readonly Address[];
}

/**
 * What clients know, and how to find what is new: it compares the state of the books with it, so
 * it does not matter which commits were announced.
 */
export class LiveState {
  private views = new Map<number, LiveChainView>();
  private recents = new Map<FeedName, Map<number, RecentEntries>>();

  get heads(): readonly ChainHead[] {
    return [...this.views.values()].map(({ head }) => head);
  }

  /** Nobody follows anything: the next look starts again. */
  forget(): void {
    this.views = new Map();
    this.recents = new Map();
  }

  /**
   * Reads what has changed on each chain since the last look, as of one moment. Lists that were
   * not followed before are followed from now on.
   */
  async look(client: pg.Client, interest: Interest): Promise<ChainNews[]> {
    const isFirst = this.views.size === 0;
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      const news: ChainNews[] = [];
      const views = new Map(this.views);
      const recents = this.recentsOf(interest.feeds);
      for (const head of (await readChainHeads(client)).values()) {
        const known = this.views.get(head.chainId);
        const move = isFirst ? null : await readMove(client, known, head);
        if (isFirst) views.set(head.chainId, await readView(client, head));
        if (move !== null) {
          views.set(head.chainId, move.view);
          news.push(await this.newsOf(client, move, interest, recents));
        }
        await this.follow(client, head, interest.feeds, recents);
      }
      await client.query('COMMIT');
      this.views = views;
      this.recents = recents;
      return news;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  /** A copy, without the lists that nobody follows any more. */
  private recentsOf(feeds: ReadonlySet<FeedName>): Map<FeedName, Map<number, RecentEntries>> {
    return new Map([...feeds].map((name) => [name, new Map(this.recents.get(name))]));
  }

  private async newsOf(
    client: pg.Client,
    { view: { head }, fork, isReorg }: ChainMove,
    { feeds, accounts }: Interest,
    recents: Map<FeedName, Map<number, RecentEntries>>,
  ): Promise<ChainNews> {
    const { chainId, finalizedBlock } = head;
    const books = await readChainBooks(client, chainId);
    const blocks = { from: fork + 1, to: head.block };
    const changes = new Map<FeedName, BooksChange>();
    for (const name of feeds) {
      const recent = recents.get(name)?.get(chainId);
      if (recent === undefined) continue;
      const options = { ...blocks, limit: ENTRIES_PER_EVENT };
      const added = await readEntries(client, FEEDS[name], books, options);
      const withdrawn = recent.above(fork);
      changes.set(name, changeOf(head, blocks.from, added, withdrawn));
      const moved = { fork, head: head.block, added, finalizedBlock };
      recents.get(name)?.set(chainId, recent.moved(moved));
    }
    const windows = bookWindows(books, blocks);
    const entitlements = await readChangedEntitlements(client, windows, accounts);
    return { head, isReorg, books, changes, entitlements };
  }

  /** Remembers what a reorg could take back of the lists that were not followed before. */
  private async follow(
    client: pg.Client,
    head: ChainHead,
    feeds: ReadonlySet<FeedName>,
    recents: Map<FeedName, Map<number, RecentEntries>>,
  ): Promise<void> {
    const missing = [...feeds].filter((name) => recents.get(name)?.has(head.chainId) === false);
    if (missing.length === 0) return;
    const { chainId, block, finalizedBlock } = head;
    const books = await readChainBooks(client, chainId);
    const options = { from: finalizedBlock + 1, to: block, limit: ENTRIES_PER_EVENT };
    for (const name of missing) {
      const added = await readEntries(client, FEEDS[name], books, options);
      const none = RecentEntries.none(finalizedBlock);
      const moved = { fork: finalizedBlock, head: block, added, finalizedBlock };
      recents.get(name)?.set(chainId, none.moved(moved));
    }
  }
}

function changeOf(
  head: ChainHead,
  fromBlock: number,
  added: readonly LiveEntry[] | null,
  withdrawn: readonly LiveEntry[] | null,
): BooksChange {
  const asOf = { ...head, isNewest: true };
  if (added !== null && withdrawn !== null) return { asOf, fromBlock, withdrawn, added, gap: null };
  const gap = added === null ? GapReason.MANY : GapReason.REORG;
  return { asOf, fromBlock, withdrawn: [], added: [], gap };
}
