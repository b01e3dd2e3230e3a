import { ImoError } from '../../../errors.js';
import { MOMENT_FORMS, parseMomentText } from '../../../momentText.js';
import { type AsOf, type Moment, resolveAsOf } from '../../../store/read/chains/asOf.js';
import type { ChainHead } from '../../../store/read/chains/chainHeads.js';
import { newestBooked } from '../../../store/read/chains/newestBooked.js';
import type { Queryable } from '../../../store/read/query/queryable.js';
import type { ChainPeriod } from './statement.js';

/** Which end of a period a text names. */
type End = 'from' | 'to';

/**
 * The last moment before a period that begins with `text`, or the last one of a period that ends
 * with it: a block number, a year, month or day (whole, in UTC) or an ISO 8601 time; both ends
 * belong to the period.
 *
 * @throws ImoError `STATEMENT_BAD_PERIOD`
 */
export function momentOf(text: string, end: End): Moment {
  const named = parseMomentText(text);
  if (named === null) {
    throw new ImoError(
      'STATEMENT_BAD_PERIOD',
      `"${end}" is "${text.slice(0, 100)}", which does not name a moment`,
      `Write ${MOMENT_FORMS}.`,
    );
  }
  if ('block' in named) return { block: end === 'from' ? named.block - 1 : named.block };
  if (end === 'to') return { timestamp: named.last };
  return { timestamp: new Date(named.first.getTime() - 1) };
}

/**
 * The period on one chain.
 *
 * @throws ImoError `STATEMENT_EMPTY_PERIOD`, and as `resolveAsOf`
 */
export async function periodOf(
  db: Queryable,
  head: ChainHead,
  { from, to }: { readonly from: Moment | null; readonly to: Moment | null },
): Promise<ChainPeriod> {
  const closing = await resolved(db, head, to);
  const isFromStart = from === null || from.block === -1;
  const named = isFromStart ? null : await resolved(db, head, from);
  // A time is as of the newest block before it with operations; a block that is named may come after that one.
  const isBetween = await isNothingBetween(db, head.chainId, named, closing);
  const opening = isBetween && to?.timestamp != null ? closing : named;
  const openingBlock = opening?.block ?? -1;
  if (openingBlock > closing.block) {
    throw new ImoError(
      'STATEMENT_EMPTY_PERIOD',
      `the period ends with block ${closing.block} of chain ${head.chainId}, before its start ` +
        `after block ${openingBlock}`,
      'Choose a start ("from") that is not after the end ("to").',
    );
  }
  return {
    chainId: head.chainId,
    openingBlock,
    openingTime: opening?.timestamp ?? null,
    closingBlock: closing.block,
    closingTime: closing.timestamp,
    booked: await bookedUpTo(db, head.chainId, closing),
  };
}

/** Whether an opening comes after the closing, with nothing booked from the closing to it. */
async function isNothingBetween(
  db: Queryable,
  chainId: number,
  opening: AsOf | null,
  closing: AsOf,
): Promise<boolean> {
  if (opening === null || opening.block <= closing.block) return false;
  const newest = await newestBooked(db, chainId, opening.block);
  return newest === null || newest.block <= closing.block;
}

/** The closing block with its hash, or the newest one before it that is kept. */
async function bookedUpTo(
  db: Queryable,
  chainId: number,
  { block, hash }: AsOf,
): Promise<ChainPeriod['booked']> {
  return hash === null ? newestBooked(db, chainId, block) : { block, hash };
}

/** @throws ImoError as `resolveAsOf`, with a hint that speaks of this command */
async function resolved(db: Queryable, head: ChainHead, moment: Moment | null): Promise<AsOf> {
  try {
    return await resolveAsOf(db, head, moment);
  } catch (error) {
    if (!(error instanceof ImoError) || error.code !== 'BLOCK_NOT_INDEXED') throw error;
    throw new ImoError(
      error.code,
      error.message,
      `End the period with block ${head.block} or earlier, or leave "to" out for the newest; what ` +
        'is not indexed yet cannot be stated.',
      { cause: error },
    );
  }
}
