import type { ClientBase } from 'pg';
import { isJoining } from '../booksKey.js';
import { limitStatements, PieceSize } from './boundedDelete.js';
import { deleteRowsOf } from './deleteRows.js';
import {
  type LeavingBooks,
  noteCleanedBlocks,
  noteGone,
  readLeavingBooks,
} from './leavingBooks.js';
import { deleteOwnerlessBlocks, hasOwnerlessHotBlocks } from './ownerlessBlocks.js';

/** Key of the advisory lock: any number that no other program on the server uses. */
const CLEANING_LOCK = 7641_2028;

/** What one piece of cleaning did. */
export interface CleanedPiece {
  readonly deletedRows: number;
  /** How long its statements took. */
  readonly tookMs: number;
}

/**
 * Deletes the rows of leaving books, and then the kept blocks in which no contract has a row. Every
 * piece is a short transaction of its own; the caller pauses between pieces, and may stop there.
 * Only one session cleans at a time. One in the background gives way to one that somebody waits for.
 *
 * @param client its own connection: the limits of the session change
 * @param chainId the key of books; `null`: those of all chains, in the background
 */
export async function* cleanLeavingBooks(
  client: ClientBase,
  chainId: number | null = null,
): AsyncGenerator<CleanedPiece, void> {
  const isBackground = chainId === null;
  if (!(await lockCleaning(client, isBackground))) return;
  try {
    await limitStatements(client);
    const all = await readLeavingBooks(client, chainId);
    for (const key of new Set(all.map((books) => books.chainId))) {
      const own = all.filter((books) => books.chainId === key);
      for await (const piece of timed(cleanChain(client, key, own))) {
        yield piece;
        if (isBackground && (await isWaitedFor(client))) return;
      }
    }
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [CLEANING_LOCK]).catch(() => undefined);
  }
}

/** @returns whether this session cleans now: one in the background does not wait */
async function lockCleaning(client: ClientBase, isBackground: boolean): Promise<boolean> {
  if (!isBackground) {
    await client.query('SELECT pg_advisory_lock($1)', [CLEANING_LOCK]);
    return true;
  }
  const { rows } = await client.query<{ is_ours: boolean }>(
    'SELECT pg_try_advisory_lock($1) AS is_ours',
    [CLEANING_LOCK],
  );
  return rows[0]?.is_ours === true;
}

async function isWaitedFor(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objsubid = 1
       AND (classid::bigint << 32) + objid::bigint = $1 LIMIT 1`,
    [CLEANING_LOCK],
  );
  return rows.length > 0;
}

async function* cleanChain(
  client: ClientBase,
  chainId: number,
  leaving: readonly LeavingBooks[],
): AsyncGenerator<number> {
  const size = new PieceSize();
  for (const { number } of leaving) yield* deleteRowsOf(client, number, size);
  const numbers = leaving.map(({ number }) => number);
  // Blocks of books that were to join go with the next ones that do.
  if (isJoining(chainId)) return noteGone(client, numbers);
  const blocks = new PieceSize();
  let from = Math.min(...leaving.map(({ firstBlock }) => firstBlock));
  for (;;) {
    const start = from;
    const { upTo, deleted } = await blocks.run((limit) =>
      deleteOwnerlessBlocks(client, chainId, start, limit),
    );
    if (upTo === null) break;
    from = upTo + 1;
    await noteCleanedBlocks(client, numbers, from);
    yield deleted;
  }
  // Results that were being written when the books left.
  for (const { number } of leaving) yield* deleteRowsOf(client, number, size);
  // Blocks that are not final yet can come back by a reorg: the next cleaning looks again.
  if (!(await hasOwnerlessHotBlocks(client, chainId))) await noteGone(client, numbers);
}

async function* timed(pieces: AsyncGenerator<number>): AsyncGenerator<CleanedPiece> {
  let startedAt = performance.now();
  for await (const deletedRows of pieces) {
    yield { deletedRows, tookMs: performance.now() - startedAt };
    startedAt = performance.now();
  }
}
