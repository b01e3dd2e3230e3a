import { addressBytes } from '../../../address.js';
import { ImoError } from '../../../errors.js';
import {
  newestRounds,
  type PriceCell,
  priceCells,
  type RoundFrom,
  type RouteFrom,
} from '../../../ledger/priceTimeline.js';
import { lastOperationId } from '../../ids.js';
import type { PriceFeed } from '../../registry/priceFeeds.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import type { ChainRoute, PriceRoutes } from './priceRoutes.js';

/** The prices of one asset of a chain over some blocks. */
export interface PriceLine {
  readonly chainId: number;
  readonly asset: string;
  /** Key of an entry: `(block - base) * positions + least(transactionIndex, positions - 1)`. */
  readonly base: number;
  readonly positions: bigint;
  readonly assetDecimals: number;
  /** The first one holds for all entries up to the second one. */
  readonly cells: readonly PriceCell<PriceFeed>[];
}

/** The blocks of one chain that entries are in, both included. */
interface BlockSpan {
  readonly chainId: number;
  readonly fromBlock: number;
  readonly toBlock: number;
}

/** Rounds of all feeds of a question: they are read, and their prices sent back, before entries are added up. */
const ROUNDS_AT_MOST = 200_000;

/**
 * Returns the prices of all assets that the routes lead from, over the blocks of some windows. Prices change with
 * rounds, which are few: so what many entries are worth takes a search among places each, and no look for rounds.
 *
 * @throws ImoError `TOO_MANY_ROUNDS`
 */
export async function readPriceLines(
  db: Queryable,
  { all }: PriceRoutes,
  windows: readonly BlockSpan[],
): Promise<PriceLine[]> {
  const lines: PriceLine[] = [];
  for (const span of spansOfChains(windows)) {
    const routes = all.filter(({ chainId }) => chainId === span.chainId);
    if (routes.length > 0) lines.push(...(await readLinesOfChain(db, routes, span)));
  }
  return lines;
}

function spansOfChains(windows: readonly BlockSpan[]): BlockSpan[] {
  const spans = new Map<number, BlockSpan>();
  for (const { chainId, fromBlock, toBlock } of windows) {
    const span = spans.get(chainId);
    spans.set(chainId, {
      chainId,
      fromBlock: Math.min(fromBlock, span?.fromBlock ?? fromBlock),
      toBlock: Math.max(toBlock, span?.toBlock ?? toBlock),
    });
  }
  return [...spans.values()];
}

interface RoundRow {
  readonly feed_number: number;
  readonly block_number: string | number;
  readonly transaction_index: number | null;
  readonly answer: string;
  readonly updated_at: string;
}

async function readLinesOfChain(
  db: Queryable,
  routes: readonly ChainRoute[],
  span: BlockSpan,
): Promise<PriceLine[]> {
  const feeds = new Map(
    routes.flatMap(({ legs }) => legs.map(({ feed }) => [feed.number, feed] as const)),
  );
  const [rounds, ends] = await Promise.all([
    readRounds(db, [...feeds.keys()], span),
    readFeedEnds(db, span.chainId, [...feeds.values()]),
  ]);
  // An entry is after all rounds of its block that have a lower index. One without an index is after all of them.
  const last = rounds.reduce((most, row) => Math.max(most, row.transaction_index ?? 0), 0);
  const positions = BigInt(last) + 2n;
  const keyOf = (block: number, position = 0n): bigint => {
    const key = BigInt(block - span.fromBlock) * positions + position;
    return key < 0n ? 0n : key;
  };
  const ofFeed = new Map([...feeds.keys()].map((number) => [number, [] as RoundFrom[]]));
  for (const row of rounds) {
    const position = row.transaction_index === null ? 0n : BigInt(row.transaction_index) + 1n;
    const decimals = feeds.get(row.feed_number)?.decimals ?? 0;
    ofFeed.get(row.feed_number)?.push({
      key: keyOf(Number(row.block_number), position),
      round: { answer: BigInt(row.answer), decimals, updatedAt: BigInt(row.updated_at) },
    });
  }
  const newest = new Map(
    [...ofFeed].map(([number, all]) => {
      const end = ends.get(number);
      const line = newestRounds(all);
      if (end === undefined) return [number, line];
      const key = keyOf(end + 1);
      return [number, [...line.filter((round) => round.key < key), { key, round: null }]];
    }),
  );
  return [...new Set(routes.map(({ asset }) => asset))].map((asset) => ({
    chainId: span.chainId,
    asset,
    base: span.fromBlock,
    positions,
    assetDecimals: routes.find((route) => route.asset === asset)?.legs[0]?.feed.assetDecimals ?? 0,
    cells: priceCells(
      routesFrom(
        routes.filter((route) => route.asset === asset),
        keyOf,
      ),
      (feed) => newest.get(feed.number) ?? [],
    ),
  }));
}

/** From the first entry on: before and between routes, nothing prices the asset. */
function routesFrom(
  routes: readonly ChainRoute[],
  keyOf: (block: number) => bigint,
): RouteFrom<PriceFeed>[] {
  const ascending = routes.toSorted((left, right) => left.fromBlock - right.fromBlock);
  const from = ascending.flatMap((route, index): RouteFrom<PriceFeed>[] => {
    const own = { key: keyOf(route.fromBlock), route };
    const next = ascending[index + 1]?.fromBlock;
    if (route.toBlock === null || next === route.toBlock) return [own];
    return [own, { key: keyOf(route.toBlock), route: null }];
  });
  return [{ key: 0n, route: null }, ...from];
}

/** The rounds in the blocks, and the newest one of each feed before them; the oldest first. */
async function readRounds(
  db: Queryable,
  feeds: readonly number[],
  { fromBlock, toBlock }: BlockSpan,
): Promise<RoundRow[]> {
  const rows = await readRows<RoundRow>(
    db,
    'price_rounds_of_blocks',
    `SELECT r.feed_number, r.block_number, r.transaction_index, r.answer, r.updated_at
     FROM unnest($1::integer[], $2::text[], $3::text[]) AS f(number, before_id, last_id)
     CROSS JOIN LATERAL (
       (SELECT * FROM price_round
        WHERE feed_number = f.number AND id <= f.before_id ORDER BY id DESC LIMIT 1)
       UNION ALL
       (SELECT * FROM price_round
        WHERE feed_number = f.number AND id > f.before_id AND id <= f.last_id LIMIT $4)
     ) r ORDER BY r.feed_number, r.id LIMIT $4`,
    [
      feeds,
      feeds.map((feed) => lastOperationId(feed, fromBlock - 1)),
      feeds.map((feed) => lastOperationId(feed, toBlock)),
      ROUNDS_AT_MOST + 1,
    ],
  );
  if (rows.length > ROUNDS_AT_MOST) throw tooManyRounds();
  return rows;
}

/** The last blocks of feeds that are held. */
async function readFeedEnds(
  db: Queryable,
  chainId: number,
  feeds: readonly PriceFeed[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await readRows<{ readonly number: number; readonly last_block: string | number }>(
    db,
    'price_feed_ends',
    `SELECT f.number, min(h.last_block) AS last_block
     FROM unnest($2::integer[], $3::bytea[]) AS f(number, aggregator)
     JOIN contract_hold h ON h.kind = 'feed' AND h.chain_id = $1 AND h.address = f.aggregator
     GROUP BY f.number`,
    [
      chainId,
      feeds.map(({ number }) => number),
      feeds.map(({ aggregator }) => addressBytes(aggregator)),
    ],
  );
  return new Map(rows.map(({ number, last_block }) => [number, Number(last_block)]));
}

function tooManyRounds(): ImoError {
  return new ImoError(
    'TOO_MANY_ROUNDS',
    `the price feeds have more than ${ROUNDS_AT_MOST} rounds in the blocks that are added up`,
    'Choose a shorter time with filter.timestamp, and add up the answers.',
  );
}
