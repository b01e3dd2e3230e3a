import type { ClientBase } from 'pg';
import { commonHeadLock } from '../../database/chainLock.js';
import type { SqlClient } from '../../database/sqlClient.js';
import { untilNodesFollow } from '../../distributed/inDoubt.js';
import { blockId } from '../../ids.js';
import { isCluster } from '../../read/query/cluster.js';
import { readGroups } from '../../registry/groups.js';
import { announceCommit } from '../commitNotice.js';
import { type BlockPoint, type ChainCursor, readCursor, writeCursor } from '../cursor.js';
import { timedKnownBlock } from '../knownBlocks.js';
import { agreedBlocks } from './agreedBlock.js';
import { takeCommonRanges } from './commonRanges.js';

/**
 * Keeps others from moving the head of a chain with groups, until the end of the caller's transaction. Answers are as
 * of this head.
 */
export async function lockCommonHead(db: SqlClient, chainId: number): Promise<void> {
  await db.query('SELECT pg_advisory_xact_lock($1)', [commonHeadLock(chainId)]);
}

/**
 * Moves the head of a chain to the newest block that all of its groups have, in a transaction of its own. A process
 * that is killed before it does leaves this to the next commit of any group. The head never goes back here: what rolls
 * a group back takes the head back in the same transaction (`lowerCommonHead`).
 *
 * @returns the head of the chain after it; `null`: some group has no block yet
 */
export async function advanceCommonHead(
  db: ClientBase,
  chainId: number,
): Promise<ChainCursor | null> {
  await db.query('BEGIN');
  try {
    await lockCommonHead(db, chainId);
    await advance(db, chainId);
    const cursor = await readCursor(db, chainId);
    await db.query('COMMIT');
    return cursor;
  } catch (error) {
    await db.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function advance(db: ClientBase, chainId: number): Promise<void> {
  const groups = await readGroups(db, chainId);
  const cursors: ChainCursor[] = [];
  for (const { key } of groups) {
    const cursor = await readCursor(db, key);
    if (cursor === null) return;
    cursors.push(cursor);
  }
  if (await isCluster(db)) await untilNodesFollow(db);
  const agreed = agreedBlocks(cursors);
  const least = groups[agreed?.of ?? -1];
  if (agreed === null || least === undefined) return;
  const before = await readCursor(db, chainId);
  const after = before?.head.height ?? -1;
  const isFurther = agreed.head.height > after;
  const finalized = later(before?.finalized ?? null, agreed.finalized);
  if (!isFurther && finalized === before?.finalized) return;
  if (!isFurther && before !== null) {
    await writeCursor(db, chainId, before.head, earlier(finalized, before.head));
    await dropFinal(db, chainId, finalized.height);
    return;
  }
  const keys = groups.map(({ key }) => key);
  const head = await timedKnownBlock(db, least.key, agreed.head.height);
  if (head?.height !== agreed.head.height) return;
  for (const key of keys) await copyBlocks(db, chainId, key, { after, upTo: head.height });
  await takeHotBlocks(db, chainId, least.key, { after, upTo: head.height });
  await dropFinal(db, chainId, finalized.height);
  await takeCommonRanges(db, chainId, keys, { after, upTo: head.height });
  await writeCursor(db, chainId, head, finalized);
  const blocks = { fromBlock: after + 1, toBlock: head.height };
  await announceCommit(db, { chainId, kind: 'commit', ...blocks });
}

interface Span {
  readonly after: number;
  readonly upTo: number;
}

/** Copies kept blocks of a group. The group keeps its own: another group may take the head of the chain back. */
export async function copyBlocks(
  db: SqlClient,
  to: number,
  from: number,
  { after, upTo }: Span,
): Promise<void> {
  await db.query(
    `INSERT INTO block (id, chain_id, number, hash, "timestamp")
     SELECT $1 || substr(id, length($2) + 1), $1::bigint, number, hash, "timestamp" FROM block
     WHERE id > $3 AND id <= $4
     ON CONFLICT DO NOTHING`,
    [String(to), String(from), blockId(from, after), blockId(from, upTo)],
  );
}

async function takeHotBlocks(
  db: SqlClient,
  to: number,
  from: number,
  { after, upTo }: Span,
): Promise<void> {
  await db.query(
    `INSERT INTO hot_block (chain_id, height, hash, "timestamp")
     SELECT $1, height, hash, "timestamp" FROM hot_block
     WHERE chain_id = $2 AND height > $3 AND height <= $4
     ON CONFLICT DO NOTHING`,
    [to, from, after, upTo],
  );
}

async function dropFinal(db: SqlClient, chainId: number, finalizedHeight: number): Promise<void> {
  await db.query('DELETE FROM hot_block WHERE chain_id = $1 AND height <= $2', [
    chainId,
    finalizedHeight,
  ]);
}

function later(before: BlockPoint | null, now: BlockPoint): BlockPoint {
  return before !== null && before.height >= now.height ? before : now;
}

function earlier(one: BlockPoint, other: BlockPoint): BlockPoint {
  return one.height <= other.height ? one : other;
}
