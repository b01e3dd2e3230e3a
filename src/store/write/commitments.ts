import type { ClientBase } from 'pg';
import { entitlementTree } from '../../proofs/entitlementTree.js';
import type { SqlClient } from '../database/sqlClient.js';
import { blockSql } from '../ids.js';
import { readSnapshotShares, type SharedSnapshot } from '../read/entitlements/snapshotShares.js';
import { type Hex, hexBytes, hexOf } from '../read/query/decode.js';
import { writeWhileFinal } from './whileFinal.js';

interface OpenSnapshot extends SharedSnapshot {
  readonly id: string;
  readonly block: { readonly number: number; readonly hash: Hex };
}

/**
 * Commits to the shares of the oldest final snapshot that has no commitment yet.
 *
 * @param signal aborts a large commitment; nothing is written then
 * @returns whether such a snapshot existed
 */
export async function commitNextSnapshot(
  client: ClientBase,
  chainId: number,
  signal: AbortSignal,
): Promise<boolean> {
  const snapshot = await nextSnapshot(client, chainId);
  if (snapshot === null) return false;
  const tree = await entitlementTree(untilAborted(readSnapshotShares(client, snapshot), signal));
  // The root may cover only some of the holders.
  if (signal.aborted) return false;
  const { id, bookNumber, snapshotId, block } = snapshot;
  const final = { height: block.number, newest: block };
  return writeWhileFinal(client, chainId, final, async () => {
    await client.query(
      `INSERT INTO snapshot_commitment
         (id, token_number, block_number, snapshot_id, leaf_count, root)
       SELECT $1, $2, $3, $4, $5, $6
       WHERE EXISTS (SELECT FROM snapshot WHERE token_number = $2 AND id = $1)
         AND NOT EXISTS (SELECT FROM leaving_books WHERE number = $2)
       ON CONFLICT DO NOTHING`,
      [
        id,
        bookNumber,
        block.number,
        snapshotId,
        tree?.leafCount ?? 0,
        tree === null ? null : hexBytes(tree.root),
      ],
    );
  });
}

async function* untilAborted<Page>(
  pages: AsyncIterable<Page>,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  for await (const page of pages) {
    if (signal.aborted) return;
    yield page;
  }
}

async function nextSnapshot(db: SqlClient, chainId: number): Promise<OpenSnapshot | null> {
  const { rows } = await db.query<{
    id: string;
    token_number: number;
    book_number: number;
    snapshot_id: number;
    block_number: number;
    block_hash: Buffer;
  }>({
    name: 'next_snapshot_to_commit',
    text: `SELECT s.id, k.token_number, k.book_number, s.snapshot_id, s.block_number,
        b.hash AS block_hash
      FROM chain_cursor c
      JOIN (
        SELECT chain_id, number AS token_number, number AS book_number FROM token
        UNION ALL
        SELECT t.chain_id, t.number, a.number
        FROM revenue_asset a JOIN token t ON t.number = a.token_number
      ) k ON k.chain_id = c.chain_id
      JOIN snapshot s ON s.token_number = k.book_number AND s.block_number <= c.finalized_height
      JOIN block b ON b.chain_id = c.chain_id AND b.id = c.chain_id || '-' || ${blockSql('s.block_number')}
      WHERE c.chain_id = $1
        AND NOT EXISTS (SELECT FROM snapshot_commitment m WHERE m.token_number = s.token_number AND m.id = s.id)
      ORDER BY s.block_number, s.id LIMIT 1`,
    values: [chainId],
  });
  const row = rows[0];
  if (row === undefined) return null;
  return {
    id: row.id,
    tokenNumber: row.token_number,
    bookNumber: row.book_number,
    snapshotId: row.snapshot_id,
    block: { number: row.block_number, hash: hexOf(row.block_hash) },
  };
}
