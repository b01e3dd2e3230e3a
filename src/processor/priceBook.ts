import type { ClientBase } from 'pg';
import type { BlockHeader, ChainNode } from '../chain/node.js';
import { readNewestRound } from '../chain/prices/feed.js';
import { pastRounds } from '../chain/prices/pastRounds.js';
import type { LoggedRound } from '../chain/prices/rounds.js';
import type { PriceFeed } from '../store/priceFeeds.js';
import { appendRound } from '../store/priceRows.js';
import { RowBuffer } from '../store/rowBuffer.js';

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
  { number: feedNumber, aggregator, startBlock: blockNumber }: PriceFeed,
  parentHash: string | null,
  rows: RowBuffer,
): Promise<bigint | null> {
  if (blockNumber === 0) return null;
  const before = parentHash === null ? blockNumber - 1 : { hash: parentHash };
  const round = await readNewestRound(node, aggregator, before);
  if (round === null) return null;
  const { timestampMs } = await node.blockHeader(blockNumber);
  const timestamp = new Date(timestampMs).toISOString();
  appendRound(rows, { feedNumber, blockNumber, timestamp }, { ...round, log: null, position: 0 });
  return round.roundId;
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

/**
 * Reads the past of a feed that was added to a chain that is indexed already, inside the
 * caller's transaction: nothing else has to be indexed anew for it.
 *
 * @throws ImoError `RPC_BLOCK_MISSING` if the node is behind what is indexed.
 */
export async function bookPast(
  db: ClientBase,
  node: ChainNode,
  feed: PriceFeed,
  indexedTo: number,
): Promise<void> {
  await node.blockHeader(indexedTo);
  const first = new RowBuffer();
  const opening = await bookOpening(node, feed, null, first);
  await first.write(db);
  const range = { from: feed.startBlock, to: indexedTo, opening };
  for await (const blocks of pastRounds(node, feed.aggregator, range)) {
    const rows = new RowBuffer();
    for (const { header, rounds } of blocks) {
      bookRounds(feed, header, rounds, { chainId: feed.chainId, rows });
    }
    await rows.write(db);
  }
}
