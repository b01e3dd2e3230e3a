import type { ClientBase } from 'pg';
import { isGroup, isJoining, registryKey } from '../booksKey.js';
import { type BlockPoint, readCursor } from './cursor.js';
import { lockCommonHead } from './groups/commonHead.js';
import { newestKnownBlock } from './knownBlocks.js';
import { rollbackAbove } from './rollback.js';

/** Reorgs that are kept of each chain, the newest. */
const REORGS_KEPT = 100;

/** Where two chains part. */
export interface Fork {
  /** The newest block that both are known to have. */
  readonly height: number;
  /** Hash of the next block of the new chain, 0x…; `null` if it has none yet. */
  readonly newHash: string | null;
}

/**
 * Rolls back all bookings of a chain above a fork, and writes down that it did, inside the caller's
 * transaction. Books that are still to join write nothing down: the live ones roll back too.
 */
export async function rollbackFork(
  client: ClientBase,
  chainId: number,
  contractNumbers: readonly number[],
  { height, newHash }: Fork,
): Promise<void> {
  const cursor = await readCursor(client, chainId);
  const known = await newestKnownBlock(client, chainId, height + 1);
  const oldHash = known?.height === height + 1 ? known.hash : null;
  const chain = registryKey(chainId);
  if (isGroup(chainId)) await lockCommonHead(client, chain);
  const shown = chain === chainId ? cursor : await readCursor(client, chain);
  const rows = await rollbackAbove(client, chainId, contractNumbers, height);
  // The same block again is not a reorg.
  const isSame = oldHash !== null && oldHash === newHash;
  if (cursor === null || isSame || isJoining(chainId)) return;
  if (shown !== null && shown.head.height > height) {
    await writeReorg(client, chain, { height, newHash, oldHash, oldHead: shown.head, rows });
  } else await addToReorg(client, chain, height, rows);
}

/** Another group has met the reorg before: no answer had the blocks any more. */
async function addToReorg(
  client: ClientBase,
  chainId: number,
  height: number,
  rows: number,
): Promise<void> {
  await client.query(
    `UPDATE chain_reorg SET rows_taken_back = rows_taken_back + $3
     WHERE chain_id = $1 AND fork_height = $2
       AND number = (SELECT max(number) FROM chain_reorg WHERE chain_id = $1)`,
    [chainId, height, rows],
  );
}

interface Reorg extends Fork {
  readonly oldHead: BlockPoint;
  /** Hash of the block after the fork on the abandoned chain; `null` if it was not kept. */
  readonly oldHash: string | null;
  /** Rows that were taken back. */
  readonly rows: number;
}

/** The lock of the rollback on the chain's cursor keeps the numbers apart. */
async function writeReorg(client: ClientBase, chainId: number, reorg: Reorg): Promise<void> {
  const { height, oldHead, oldHash, newHash, rows } = reorg;
  await client.query(
    `WITH added AS (
       INSERT INTO chain_reorg (chain_id, number, fork_height, old_head, old_head_hash, old_hash,
         new_hash, rows_taken_back, handled_at)
       SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, now()
       FROM chain_reorg WHERE chain_id = $1
       RETURNING number)
     DELETE FROM chain_reorg USING added
     WHERE chain_reorg.chain_id = $1 AND chain_reorg.number <= added.number - $8::bigint`,
    [
      chainId,
      height,
      oldHead.height,
      bytesOf(oldHead.hash),
      oldHash === null ? null : bytesOf(oldHash),
      newHash === null ? null : bytesOf(newHash),
      rows,
      REORGS_KEPT,
    ],
  );
}

function bytesOf(hash: string): Buffer {
  return Buffer.from(hash.slice(2), 'hex');
}
