import { lastOperationId, operationId } from '../../ids.js';
import type { AsOf } from '../chains/asOf.js';
import type { Range } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import type { TokenRecord } from '../tokens/tokens.js';

/** The operations of one token between two of its row ids, both included. */
export interface OperationWindow {
  readonly tokenNumber: number;
  readonly chainId: number;
  readonly fromBlock: number;
  readonly toBlock: number;
  readonly fromId: string;
  readonly toId: string;
}

/** Conditions on operations of any kind. */
export interface OperationScope {
  /** Tokens, or other contracts whose rows are numbered the same way. */
  readonly tokens: readonly Pick<TokenRecord, 'number' | 'chainId'>[];
  /** By chain id. Tokens of other chains are left out. */
  readonly asOf: ReadonlyMap<number, AsOf>;
  readonly block?: Range<number> | null;
  readonly timestamp?: Range<Date> | null;
}

/** First and last block number with an operation in a range of time. */
export interface TimeRange {
  readonly chainId: number;
  readonly from: Date | null;
  readonly to: Date | null;
}

/**
 * Returns one window for each token that can have rows in scope. Row ids start with token and
 * block, so a window is a range of the primary key. Times are converted into blocks first.
 */
export async function readOperationWindows(
  db: Queryable,
  { tokens, asOf, block, timestamp }: OperationScope,
): Promise<OperationWindow[]> {
  const from = timestamp?.gte ?? null;
  const to = timestamp?.lte ?? null;
  const ranges = [...asOf.keys()].map((chainId) => ({ chainId, from, to }));
  const isTimed = from !== null || to !== null;
  const blocksOf = isTimed ? await readBlockRanges(db, ranges) : new Map<number, Range<number>>();
  return tokens.flatMap((token) => {
    const moment = asOf.get(token.chainId);
    const timed = blocksOf.get(token.chainId);
    if (moment === undefined || (isTimed && timed === undefined)) return [];
    const fromBlock = Math.max(0, block?.gte ?? 0, timed?.gte ?? 0);
    const toBlock = Math.min(moment.block, block?.lte ?? moment.block, timed?.lte ?? moment.block);
    return blockWindow(token.number, token.chainId, fromBlock, toBlock);
  });
}

/** The window of whole blocks; nothing if it is empty. */
export function blockWindow(
  tokenNumber: number,
  chainId: number,
  fromBlock: number,
  toBlock: number,
): OperationWindow[] {
  if (fromBlock > toBlock) return [];
  const fromId = operationId(tokenNumber, fromBlock, 0);
  const toId = lastOperationId(tokenNumber, toBlock);
  return [{ tokenNumber, chainId, fromBlock, toBlock, fromId, toId }];
}

interface BlockRangeRow {
  readonly chain_id: number;
  readonly first: number | null;
  readonly last: number | null;
}

/**
 * By chain id, without chains that have no operation in the range. A `null` time leaves that end
 * open.
 */
export async function readBlockRanges(
  db: Queryable,
  ranges: readonly TimeRange[],
): Promise<Map<number, Range<number>>> {
  const rows = await readRows<BlockRangeRow>(
    db,
    'block_ranges',
    `SELECT k.chain_id,
       (SELECT number FROM block WHERE chain_id = k.chain_id
        AND "timestamp" >= COALESCE(k.first, '-infinity') ORDER BY "timestamp", number LIMIT 1)
        AS first,
       (SELECT number FROM block WHERE chain_id = k.chain_id
        AND "timestamp" <= COALESCE(k.last, 'infinity')
        ORDER BY "timestamp" DESC, number DESC LIMIT 1) AS last
     FROM unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) AS k(chain_id, first, last)`,
    [
      ranges.map(({ chainId }) => chainId),
      ranges.map(({ from }) => from),
      ranges.map(({ to }) => to),
    ],
  );
  const blocks = new Map<number, Range<number>>();
  for (const { chain_id, first, last } of rows) {
    if (first !== null && last !== null) blocks.set(chain_id, { gte: first, lte: last });
  }
  return blocks;
}
