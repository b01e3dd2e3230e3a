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
 * Only one session cleans at a time: another one gets no piece.
 *
 * @param client its own connection: the limits of the session change
 * @param chainId the key of books; `null`: those of all chains
 * @returns whether another session cleans
 */
export async function* cleanLeavingBooks(
  client: ClientBase,
  chainId: number | null = null,
): AsyncGenerator<CleanedPiece, 'done' | 'busy'> {
  await limitStatements(client);
  const { rows } = await client.query<{ is_ours: boolean }>(
    'SELECT pg_try_advisory_lock($1) AS is_ours',
    [CLEANING_LOCK],
  );
  if (rows[0]?.is_ours !== true) return 'busy';
  try {
    const all = await readLeavingBooks(client, chainId);
    for (const key of new Set(all.map((books) => books.chainId))) {
      yield* timed(
        cleanChain(
          client,
          key,
          all.filter((books) => books.chainId === key),
        ),
      );
    }
    return 'done';
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [CLEANING_LOCK]).catch(() => undefined);
  }
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
