import type { ClientBase } from 'pg';
import { checksummed } from '../../address.js';
import type { ChainNode } from '../../chain/node.js';
import { readAssetDecimals, readFeedUnits } from '../../chain/prices/feed.js';
import type { FeedContradictionError } from '../../chain/prices/pastRounds.js';
import { type FeedPhase, feedPhases, phasesStand } from '../../chain/prices/phases.js';
import type { PriceFeedConfig } from '../../config/contracts/prices.js';
import type { ChainConfig } from '../../config/types.js';
import { ImoError } from '../../errors.js';
import {
  forgetPriceFeed,
  insertPriceFeed,
  type NewPriceFeed,
  type PriceFeed,
  readChainFeeds,
  setStaleAfter,
} from '../../store/registry/priceFeeds.js';
import { readCursor } from '../../store/write/cursor.js';
import { writeHold } from '../../store/write/holds.js';
import type { Opening } from '../desks/reconcile.js';
import { attemptMark } from '../holding/attemptMark.js';
import { describe } from '../holding/holdText.js';
import { bookPast, type FeedPast, readPast } from './priceBook.js';

/**
 * Makes the configured price feeds ready to index. Nothing else depends on them, so they may
 * come, go and change at any time. A feed that the config no longer names is deleted, and a new one is
 * read up to the indexed block.
 *
 * @param firstBlock the block from which feeds without a `startBlock` are in force
 * @param say reports what was decided about a feed
 * @throws ImoError `PRICE_NOT_A_CONTRACT`, `PRICE_NOT_AN_AGGREGATOR` or `PRICE_ASSET_NO_DECIMALS`
 */
export async function openPrices(
  db: ClientBase,
  node: ChainNode,
  chain: ChainConfig,
  firstBlock: number,
  say: (line: string) => void,
): Promise<Opening<PriceFeed[]>> {
  const known = await readChainFeeds(db, chain.id);
  const configs = chain.prices ?? [];
  if (configs.length === 0 && known.length === 0) {
    return { firstBlock, write: () => Promise.resolve([]) };
  }
  const head = await node.headNumber();
  const indexedTo = (await readCursor(db, chain.id))?.head.height ?? -1;
  const openings: FeedOpening[] = [];
  for (const config of configs) {
    const own = known.filter((feed) => isOf(feed, config));
    const phases = await phasesOf(node, config, own, config.startBlock ?? firstBlock, head);
    for (const phase of phases) {
      const kept = sameAs(own, phase);
      openings.push(
        kept === null ? await readNew(node, { config, phase, head, indexedTo }) : { config, kept },
      );
    }
  }
  const context = { chain, head, say };
  return { firstBlock, write: (writer) => write(writer, known, openings, context) };
}

/** What writing feeds depends on. */
interface FeedContext {
  readonly chain: ChainConfig;
  /** The newest block of the chain when the feeds were read. */
  readonly head: number;
  readonly say: (line: string) => void;
}

/** A feed that is kept, or a new one with what it said so far. */
type FeedOpening =
  | { readonly config: PriceFeedConfig; readonly kept: PriceFeed }
  | { readonly kept: null; readonly feed: NewPriceFeed; readonly past: FeedPast | null };

async function readNew(
  node: ChainNode,
  {
    config,
    phase,
    head,
    indexedTo,
  }: {
    readonly config: PriceFeedConfig;
    readonly phase: FeedPhase;
    readonly head: number;
    readonly indexedTo: number;
  },
): Promise<FeedOpening> {
  const feed = await detect(node, config, phase, head);
  const past = feed.startBlock <= indexedTo ? await readPast(node, feed, indexedTo) : null;
  return { kept: null, feed, past };
}

async function write(
  db: ClientBase,
  known: readonly PriceFeed[],
  openings: readonly FeedOpening[],
  context: FeedContext,
): Promise<PriceFeed[]> {
  const { chain, say } = context;
  const kept = new Set(openings.map((opening) => opening.kept));
  for (const feed of known) {
    if (kept.has(feed)) continue;
    await forgetPriceFeed(db, feed);
    say(
      `${nameOf(feed)} is no longer in the config, or starts at another block now: its prices were removed`,
    );
  }
  const feeds: PriceFeed[] = [];
  for (const opening of openings) {
    if (opening.kept !== null) {
      const { staleAfterSeconds } = opening.config;
      await setStaleAfter(db, opening.kept, staleAfterSeconds);
      feeds.push({ ...opening.kept, staleAfterSeconds });
      continue;
    }
    const opened = await insertPriceFeed(db, chain.id, opening.feed);
    feeds.push(opened);
    if (opened.aggregator !== opened.configured) {
      say(
        `${nameOf(opened)} comes from aggregator ${checksummed(opened.aggregator)}, ` +
          `behind the proxy ${checksummed(opened.configured)}, from block ${opened.startBlock} on`,
      );
    }
    if (opening.past === null) continue;
    await bookPast(db, opened, opening.past);
    const { contradiction } = opening.past;
    if (contradiction !== null) await hold(db, opened, contradiction, context);
  }
  return feeds;
}

/** Ends a feed before the block in which it contradicts itself. Everything else is as it was. */
async function hold(
  db: ClientBase,
  { aggregator: address }: PriceFeed,
  { block, lastBlock, code, message: reason, hint }: FeedContradictionError,
  { chain, head, say }: FeedContext,
): Promise<void> {
  const ended = { kind: 'feed', address, block, lastBlock, code, reason, hint } as const;
  const isConfirmed = block <= head - chain.finalityConfirmation;
  const mark = attemptMark(chain, ended);
  await writeHold(db, {
    chainId: chain.id,
    ...ended,
    isConfirmed,
    framesHash: null,
    isCompared: true,
    ...mark,
  });
  say(`${describe(ended)}. Everything else continues. ${hint}`);
}

async function phasesOf(
  node: ChainNode,
  { aggregator: configured }: PriceFeedConfig,
  own: readonly PriceFeed[],
  startBlock: number,
  head: number,
): Promise<readonly FeedPhase[]> {
  if (own[0]?.startBlock === startBlock && (await phasesStand(node, configured, own, head))) {
    return own;
  }
  if ((await node.code(configured, head)) === '0x') {
    throw new ImoError(
      'PRICE_NOT_A_CONTRACT',
      `there is no contract at ${checksummed(configured)} (block ${head}, ${node.displayUrl})`,
      'Check the `aggregator` and the chain of this entry of `prices` in the config.',
    );
  }
  return feedPhases(node, configured, startBlock, head);
}

async function detect(
  node: ChainNode,
  { asset, currency, aggregator: configured, staleAfterSeconds }: PriceFeedConfig,
  { aggregator, startBlock }: FeedPhase,
  head: number,
): Promise<NewPriceFeed> {
  const assetDecimals = await readAssetDecimals(node, asset, head);
  const units = await readFeedUnits(node, aggregator, head);
  const feed = { asset, assetDecimals, currency, configured, aggregator, startBlock };
  return { ...feed, ...units, staleAfterSeconds };
}

function isOf(feed: PriceFeed, { asset, currency, aggregator }: PriceFeedConfig): boolean {
  return feed.asset === asset && feed.currency === currency && feed.configured === aggregator;
}

function sameAs(own: readonly PriceFeed[], phase: FeedPhase): PriceFeed | null {
  const same = own.find(
    ({ aggregator, startBlock }) =>
      aggregator === phase.aggregator && startBlock === phase.startBlock,
  );
  return same ?? null;
}

function nameOf({ asset, currency }: PriceFeed): string {
  return `the price of ${asset} in ${currency}`;
}
