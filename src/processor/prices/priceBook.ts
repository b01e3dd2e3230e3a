import type { ClientBase } from 'pg';
import { append } from '../../append.js';
import type { BlockHeader, ChainNode } from '../../chain/node.js';
import { readNewestRound } from '../../chain/prices/feed.js';
import {
  FeedContradictionError,
  pastRounds,
  type RoundsOfBlock,
} from '../../chain/prices/pastRounds.js';
import type { LoggedRound } from '../../chain/prices/rounds.js';
import type { PriceFeed } from '../../store/registry/priceFeeds.js';
import { appendRound } from '../../store/write/rows/priceRows.js';
import { RowBuffer } from '../../store/write/rows/rowBuffer.js';

/** Blocks with rounds that are written at once. */
const BLOCKS_AT_ONCE = 10_000;

type FeedToOpen = Pick<PriceFeed, 'aggregator' | 'startBlock'>;

/** The round that was the newest one when a feed came into force, with the time of that block. */
type OpeningRound = NonNullable<Awaited<ReturnType<typeof readNewestRound>>> & {
  readonly timestamp: string;
};

type RowTarget = { readonly chainId: number; readonly rows: RowBuffer };

/**
 * Books the round that was the newest one when a feed came into force: without it, nothing
 * would have a price until the next one.
 *
 * @param parentHash of the block before the feed's first one, where it is known
 * @returns the id of the round; `null`: there was none
 */
export async function bookOpening(
  node: ChainNode,
  feed: PriceFeed,
  parentHash: string | null,
  rows: RowBuffer,
): Promise<bigint | null> {
  const opening = await readOpening(node, feed, parentHash);
  if (opening === null) return null;
  appendOpening(feed, opening, rows);
  return opening.roundId;
}

async function readOpening(
  node: ChainNode,
  { aggregator, startBlock }: FeedToOpen,
  parentHash: string | null,
): Promise<OpeningRound | null> {
  if (startBlock === 0) return null;
  const before = parentHash === null ? startBlock - 1 : { hash: parentHash };
  const round = await readNewestRound(node, aggregator, before);
  if (round === null) return null;
  const { timestampMs } = await node.blockHeader(startBlock);
  return { ...round, timestamp: new Date(timestampMs).toISOString() };
}

function appendOpening(
  { number: feedNumber, startBlock: blockNumber }: PriceFeed,
  { timestamp, ...round }: OpeningRound,
  rows: RowBuffer,
): void {
  appendRound(rows, { feedNumber, blockNumber, timestamp }, { ...round, log: null, position: 0 });
}

/** Books the rounds of a block; those of one block are numbered from 1. */
export function bookRounds(
  { number: feedNumber }: PriceFeed,
  { number: blockNumber, hash, timestampMs }: BlockHeader,
  rounds: readonly LoggedRound[],
  { chainId, rows }: RowTarget,
): void {
  if (rounds.length === 0) return;
  const timestamp = new Date(timestampMs).toISOString();
  rows.block(chainId, blockNumber, hash, timestamp);
  for (const [index, round] of rounds.entries()) {
    const { roundId, answer, updatedAt } = round;
    const row = { log: round, position: index + 1, roundId, answer, updatedAt };
    appendRound(rows, { feedNumber, blockNumber, timestamp }, row);
  }
}

/** What a feed said before it was added to a chain that is indexed already. */
export interface FeedPast {
  readonly opening: OpeningRound | null;
  readonly blocks: readonly RoundsOfBlock[];
  /** The feed contradicts itself: what is known of it ends before that. */
  readonly contradiction: FeedContradictionError | null;
}

/**
 * Reads the past of a feed; nothing else has to be indexed again for it. If the feed contradicts
 * itself, it asks each endpoint, and reads at least twice, before it accepts that.
 *
 * @throws ImoError `RPC_BLOCK_MISSING` if the node is behind what is indexed.
 */
export async function readPast(
  node: ChainNode,
  feed: FeedToOpen,
  indexedTo: number,
): Promise<FeedPast> {
  await node.blockHeader(indexedTo);
  const readings = Math.max(2, node.endpointCount);
  for (let reading = 1; ; reading++) {
    const past = await readPastOnce(node, feed, indexedTo);
    if (past.contradiction === null || reading === readings) return past;
    for (const method of ['eth_getLogs', 'eth_call']) node.distrust(method);
  }
}

async function readPastOnce(
  node: ChainNode,
  feed: FeedToOpen,
  indexedTo: number,
): Promise<FeedPast> {
  const opening = await readOpening(node, feed, null);
  const range = { from: feed.startBlock, to: indexedTo, opening: opening?.roundId ?? null };
  const blocks: RoundsOfBlock[] = [];
  try {
    for await (const part of pastRounds(node, feed.aggregator, range)) {
      append(
        blocks,
        part.filter(({ rounds }) => rounds.length > 0),
      );
    }
  } catch (contradiction) {
    if (!(contradiction instanceof FeedContradictionError)) throw contradiction;
    return { opening, blocks, contradiction };
  }
  return { opening, blocks, contradiction: null };
}

/** Books what `readPast` read, inside the caller's transaction. */
export async function bookPast(
  db: ClientBase,
  feed: PriceFeed,
  { opening, blocks }: FeedPast,
): Promise<void> {
  for (let first = 0; first === 0 || first < blocks.length; first += BLOCKS_AT_ONCE) {
    const rows = new RowBuffer();
    if (first === 0 && opening !== null) appendOpening(feed, opening, rows);
    for (const { header, rounds } of blocks.slice(first, first + BLOCKS_AT_ONCE)) {
      bookRounds(feed, header, rounds, { chainId: feed.chainId, rows });
    }
    await rows.write(db);
  }
}
