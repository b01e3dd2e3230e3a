import type { ClientBase } from 'pg';
import type { SqlClient } from '../database/sqlClient.js';
import { blockId } from '../ids.js';
import { type Hex, hexBytes, hexOf } from '../read/query/decode.js';
import { writeWhileFinal } from '../write/whileFinal.js';
import {
  type HashedBlock,
  type NumberedBooks,
  readHashedBlocks,
  readNumberedBooks,
} from './blockParts.js';
import { genesisHash, hashAfter } from './ledgerDigest.js';

/** The ledger hash of a chain, and the block up to which it covers all bookings. */
export interface HashPoint {
  readonly height: number;
  readonly hash: Hex;
}

/** Blocks that are hashed together: about 100,000 rows where blocks are full. */
const BLOCKS_AT_ONCE = 500;

/** `null` while nothing is hashed. */
export async function readHashPoint(db: SqlClient, chainId: number): Promise<HashPoint | null> {
  const { rows } = await db.query<{ height: number; hash: Buffer }>(
    'SELECT height, hash FROM hash_cursor WHERE chain_id = $1',
    [chainId],
  );
  const row = rows[0];
  return row === undefined ? null : { height: row.height, hash: hexOf(row.hash) };
}

/**
 * Hashes the next final blocks that are not hashed yet. Blocks of a detached token wait until it is attached: a hash
 * without its rows would be wrong then.
 *
 * @returns whether there may be more to do
 */
export async function hashNextBlocks(client: ClientBase, chainId: number): Promise<boolean> {
  const finalHeight = await finalizedHeight(client, chainId);
  const point = await readHashPoint(client, chainId);
  const after = point?.height ?? -1;
  if (finalHeight === null || finalHeight <= after) return false;
  if (await isDetachedAfter(client, chainId, after)) return false;
  const books = await readNumberedBooks(client, chainId);
  const range = { after, upTo: finalHeight, limit: BLOCKS_AT_ONCE };
  const blocks = await readHashedBlocks(client, chainId, books, range);
  const newest = blocks.at(-1) ?? null;
  const isLast = blocks.length < BLOCKS_AT_ONCE;
  const height = isLast ? finalHeight : (newest?.number ?? finalHeight);
  const before = point?.hash ?? genesisHash(chainId);
  const hashes = chainHashes(before, blocks);
  const hash = hashes.at(-1)?.hash ?? before;
  let isStale = false;
  const isWritten = await writeWhileFinal(client, chainId, { height, newest }, async () => {
    // Books were archived, or joined, while these blocks were hashed.
    isStale = !isSame(books, await readNumberedBooks(client, chainId));
    if (isStale) return;
    const point = { after, seen: newest?.number ?? after, height, hash };
    await writeHashes(client, chainId, point, hashes);
  });
  return isStale || (isWritten && !isLast);
}

/** Whether a token with bookings in later blocks is detached. */
async function isDetachedAfter(db: SqlClient, chainId: number, block: number): Promise<boolean> {
  const { rowCount } = await db.query(
    'SELECT FROM detached_token WHERE chain_id = $1 AND archived_block > $2 LIMIT 1',
    [chainId, block],
  );
  return rowCount !== 0;
}

function isSame(before: readonly NumberedBooks[], now: readonly NumberedBooks[]): boolean {
  const known = new Set(before.map(({ number }) => number));
  return known.size === now.length && now.every(({ number }) => known.has(number));
}

/** Returns the hash after each block that has bookings. */
export function chainHashes(
  before: Hex,
  blocks: readonly HashedBlock[],
): { readonly block: number; readonly hash: Hex }[] {
  const hashes: { block: number; hash: Hex }[] = [];
  let newest = before;
  for (const block of blocks) {
    const hash = hashAfter(newest, block);
    if (hash === null) continue;
    newest = hash;
    hashes.push({ block: block.number, hash });
  }
  return hashes;
}

async function finalizedHeight(db: SqlClient, chainId: number): Promise<number | null> {
  const { rows } = await db.query<{ height: number }>(
    'SELECT finalized_height AS height FROM chain_cursor WHERE chain_id = $1',
    [chainId],
  );
  return rows[0]?.height ?? null;
}

/**
 * Writes nothing if another process moved the cursor, or booked in blocks that were empty when
 * read.
 */
async function writeHashes(
  client: ClientBase,
  chainId: number,
  { after, seen, height, hash }: HashPoint & { readonly after: number; readonly seen: number },
  hashes: readonly { readonly block: number; readonly hash: Hex }[],
): Promise<void> {
  await client.query(
    `WITH moved AS (
       INSERT INTO hash_cursor (chain_id, height, hash)
       SELECT $1, $3, $4 WHERE NOT EXISTS (
         SELECT FROM block WHERE id > $8 AND id <= $9
       )
       ON CONFLICT (chain_id) DO UPDATE SET height = EXCLUDED.height, hash = EXCLUDED.hash
         WHERE hash_cursor.height = $2
       RETURNING 1
     )
     INSERT INTO ledger_hash (id, chain_id, block_number, hash)
     SELECT h.id, $1, h.block_number, h.hash
     FROM unnest($5::text[], $6::bigint[], $7::bytea[]) AS h(id, block_number, hash), moved`,
    [
      chainId,
      after,
      height,
      hexBytes(hash),
      hashes.map(({ block }) => blockId(chainId, block)),
      hashes.map(({ block }) => block),
      hashes.map((entry) => hexBytes(entry.hash)),
      blockId(chainId, seen),
      blockId(chainId, height),
    ],
  );
}
