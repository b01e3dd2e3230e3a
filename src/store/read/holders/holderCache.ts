import { blockSql } from '../../ids.js';
import type { AsOf } from '../chains/asOf.js';
import { isCluster } from '../query/cluster.js';
import { hexOf } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';

/**
 * SQL of the head of the chain, read in the same statement as rows of the cache `holder` and so at
 * the same instant. The cache has only the newest state, which must be that of the moment.
 */
export interface CursorColumns {
  readonly height: number;
  readonly hash: Buffer;
}

/**
 * A FROM item of it, without a row while the cache is newer: a group of contracts has blocks above the head of the
 * chain, or a cluster has the rows of a commit and not yet its cursor (`src/store/write/rowsFirst.ts`). The node that has
 * the part of the cache answers both, from one snapshot.
 */
export async function cachedCursor(db: Queryable): Promise<string> {
  return (await isCluster(db)) ? `${NO_GROUP_AHEAD} AND ${NO_BLOCK_AHEAD})` : `${NO_GROUP_AHEAD})`;
}

const NO_GROUP_AHEAD = `(SELECT chain_id, height, hash FROM chain_cursor k WHERE NOT EXISTS (
  SELECT FROM chain_group g JOIN chain_cursor ahead ON ahead.chain_id = g.key
  WHERE g.chain_id = k.chain_id AND ahead.height > k.height)`;

/** Whatever changes a holder is in a block that is kept. */
const NO_BLOCK_AHEAD = `NOT EXISTS (SELECT FROM block b
  WHERE b.id > k.chain_id || '-' || ${blockSql('k.height')} AND b.id < k.chain_id || '-~')`;

/** The cache is newer than the requested moment. Read the history instead. */
export class StaleMomentError extends Error {
  override readonly name = 'StaleMomentError';
}

/** @throws StaleMomentError */
export function assertStillNewest(cursor: CursorColumns | undefined, asOf: AsOf): void {
  if (cursor?.height !== asOf.block || hexOf(cursor.hash) !== asOf.hash) {
    throw new StaleMomentError(`block ${asOf.block} is not the newest any more`);
  }
}

/** The answer of the cache; `null` if the cache is newer than the moment. */
export async function unlessStale<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StaleMomentError) return null;
    throw error;
  }
}
