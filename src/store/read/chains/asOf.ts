import { ImoError } from '../../../errors.js';
import { unixTimeHint } from '../../../momentText.js';
import { blockId } from '../../ids.js';
import { type Hex, hexOf } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import type { ChainHead } from './chainHeads.js';

/** The moment of a question: a block or a time. Without either, the newest indexed block. */
export interface Moment {
  readonly block?: number | null;
  readonly timestamp?: Date | null;
}

/** The block at whose end an answer holds. Everything below it is read with this filter. */
export interface AsOf {
  readonly chainId: number;
  readonly block: number;
  /** `null` if the hash is not kept, as for a final block without operations. */
  readonly hash: Hex | null;
  readonly timestamp: Date | null;
  /** Whether it was the newest indexed block when it was looked up. */
  readonly isNewest: boolean;
  /** The time that was asked about, where it may be later than that of the block. */
  readonly askedTime?: Date;
}

interface BlockRow {
  readonly number: number;
  readonly hash: Buffer;
  readonly timestamp: Date | null;
}

/**
 * Finds the block that `moment` means on a chain. A time means the newest block that is not later.
 * Blocks without an operation are not kept, so it is the newest kept one, which gives the same
 * figures.
 *
 * @throws ImoError `BAD_AT` if both a block and a time are given or the block is negative,
 * `BLOCK_NOT_INDEXED` if the moment is later than the newest indexed block
 */
export async function resolveAsOf(
  db: Queryable,
  head: ChainHead,
  moment: Moment | null | undefined,
): Promise<AsOf> {
  const block = moment?.block ?? null;
  const timestamp = moment?.timestamp ?? null;
  if (block !== null && timestamp !== null) {
    throw new ImoError(
      'BAD_AT',
      `"at" names both block ${block} and time ${timestamp.toISOString()}`,
      'Give a block or a timestamp, not both; leave "at" out for the newest indexed block.',
    );
  }
  if (block !== null) return asOfBlock(db, head, block);
  if (timestamp !== null) return asOfTime(db, head, timestamp);
  return newest(head);
}

function newest({ chainId, block, hash, timestamp }: ChainHead): AsOf {
  return { chainId, block, hash, timestamp, isNewest: true };
}

async function asOfBlock(db: Queryable, head: ChainHead, block: number): Promise<AsOf> {
  if (block < 0) {
    throw new ImoError('BAD_AT', `block ${block} is negative`, 'Block numbers start at 0.');
  }
  if (block > head.block) throw notIndexed(head, `block ${block}`, unixTimeHint(block));
  if (block === head.block) return newest(head);
  const [row] = await readRows<BlockRow>(
    db,
    'block_by_number',
    `SELECT number, hash, "timestamp" FROM block WHERE id = $1
     UNION ALL
     SELECT height, hash, "timestamp" FROM hot_block WHERE chain_id = $2 AND height = $3
     LIMIT 1`,
    [blockId(head.chainId, block), head.chainId, block],
  );
  return {
    chainId: head.chainId,
    block,
    hash: row === undefined ? null : hexOf(row.hash),
    timestamp: row?.timestamp ?? null,
    isNewest: false,
  };
}

async function asOfTime(db: Queryable, head: ChainHead, time: Date): Promise<AsOf> {
  if (head.timestamp !== null && time > head.timestamp) throw notIndexed(head, `time ${iso(time)}`);
  const [before, after] = await Promise.all([
    neighbour(db, head, time, 'before'),
    neighbour(db, head, time, 'after'),
  ]);
  if (after === null) {
    // Without the time of the head, nothing proves that `time` is not later than the head.
    if (head.timestamp === null) throw notIndexed(head, `time ${iso(time)}`);
    if (time.getTime() === head.timestamp.getTime()) return newest(head);
  }
  if (before === null) {
    const block = after === null ? head.block : after.number - 1;
    const { chainId } = head;
    return { chainId, block, hash: null, timestamp: null, isNewest: false, askedTime: time };
  }
  const { number, timestamp } = before;
  return {
    chainId: head.chainId,
    block: number,
    hash: hexOf(before.hash),
    timestamp,
    isNewest: false,
    askedTime: time,
  };
}

/** The newest known block that is not later than `time`, or the oldest that is; none after the head. */
async function neighbour(
  db: Queryable,
  head: ChainHead,
  time: Date,
  side: 'before' | 'after',
): Promise<BlockRow | null> {
  const [comparison, order] = side === 'before' ? ['<=', 'DESC'] : ['>', 'ASC'];
  const [row] = await readRows<BlockRow>(
    db,
    `block_${side}_time`,
    `(SELECT number, hash, "timestamp" FROM block
      WHERE chain_id = $1 AND "timestamp" ${comparison} $2 AND number <= $3
      ORDER BY "timestamp" ${order}, number ${order} LIMIT 1)
     UNION ALL
     (SELECT height, hash, "timestamp" FROM hot_block
      WHERE chain_id = $1 AND "timestamp" ${comparison} $2 AND height <= $3
      ORDER BY height ${order} LIMIT 1)
     ORDER BY number ${order} LIMIT 1`,
    [head.chainId, time, head.block],
  );
  return row ?? null;
}

/**
 * The time of a block, or of the first kept one after it: nothing that the block holds is older than
 * it seems by that. `null`: no later one is kept.
 */
export async function readTimeFrom(
  db: Queryable,
  chainId: number,
  block: number,
): Promise<Date | null> {
  const [row] = await readRows<{ readonly timestamp: Date }>(
    db,
    'time_from_block',
    `(SELECT "timestamp" FROM block WHERE id >= $1 AND id < $2 AND "timestamp" IS NOT NULL
      ORDER BY id LIMIT 1)
     UNION ALL
     (SELECT "timestamp" FROM hot_block WHERE chain_id = $3 AND height >= $4
        AND "timestamp" IS NOT NULL ORDER BY height LIMIT 1)
     ORDER BY "timestamp" LIMIT 1`,
    [blockId(chainId, block), `${chainId}-~`, chainId, block],
  );
  return row?.timestamp ?? null;
}

/** @param meant what the client may have meant instead */
export function notIndexed(head: ChainHead, asked: string, meant: string | null = null): ImoError {
  const time = head.timestamp === null ? '' : ` of ${iso(head.timestamp)}`;
  return new ImoError(
    'BLOCK_NOT_INDEXED',
    `${asked} of chain ${head.chainId} is not indexed yet: the newest indexed block is ${head.block}${time}`,
    `${meant === null ? '' : `${meant} `}Ask about block ${head.block} or earlier, leave "at" out for the newest, or ask again later.`,
  );
}

function iso(time: Date): string {
  return time.toISOString();
}
