import type { SqlClient } from '../database/sqlClient.js';
import { OPERATION_TABLES, type OwnedTable } from '../write/operationTables.js';
import type { PieceSize } from './boundedDelete.js';
import { SMALL_TABLES } from './ownedTables.js';

/**
 * Deletes all rows of a number, piece by piece, each in a transaction of its own. A kill between two
 * pieces loses nothing: the next call deletes the rest.
 *
 * @yields how many rows a piece deleted, so that the caller can pause and stop between pieces
 */
export async function* deleteRowsOf(
  db: SqlClient,
  number: number,
  size: PieceSize,
): AsyncGenerator<number> {
  for (const table of OPERATION_TABLES) {
    yield* deleteInOrder(db, table, number, size);
  }
  yield* deleteHolders(db, number, size);
  for (const table of SMALL_TABLES) yield* deleteAnyOrder(db, table, number, size);
}

/** Deletes rows in the order of their ids. A position in the order spares reading deleted rows again. */
async function* deleteInOrder(
  db: SqlClient,
  { name, owner }: OwnedTable,
  number: number,
  size: PieceSize,
): AsyncGenerator<number> {
  // The key of a checkpoint begins with the account: it is found by the transfer that made it.
  const text =
    name === 'transfer'
      ? `WITH gone AS (DELETE FROM transfer WHERE token_number = $1 AND id > $2 AND id <= $3
           RETURNING block_number, "from", "to"),
         touched AS (SELECT DISTINCT account, block_number
           FROM gone CROSS JOIN LATERAL (VALUES ("from"), ("to")) AS side (account)),
         checkpoints AS (DELETE FROM balance_checkpoint b USING touched
           WHERE b.account = touched.account AND b.token_number = $1
             AND b.block_number = touched.block_number)
         SELECT count(*)::int AS count FROM gone`
      : `WITH gone AS (DELETE FROM ${name} WHERE ${owner} = $1 AND id > $2 AND id <= $3 RETURNING 1)
         SELECT count(*)::int AS count FROM gone`;
  let after = '';
  for (;;) {
    const { upTo, count } = await size.run(async (rows) => {
      const last = await lastOfPiece(db, { name, owner }, number, after, rows);
      return {
        upTo: last,
        count: last === null ? 0 : await counted(db, text, [number, after, last]),
      };
    });
    if (upTo === null) return;
    after = upTo;
    yield count;
  }
}

/** The id of the last row of a piece of at most `rows` rows; `null`: nothing is left. */
async function lastOfPiece(
  db: SqlClient,
  { name, owner }: OwnedTable,
  number: number,
  after: string,
  rows: number,
): Promise<string | null> {
  const { rows: found } = await db.query<{ id: string | null }>(
    `SELECT max(id) AS id FROM (
       SELECT id FROM ${name} WHERE ${owner} = $1 AND id > $2 ORDER BY id LIMIT $3) AS piece`,
    [number, after, rows],
  );
  return found[0]?.id ?? null;
}

async function* deleteHolders(
  db: SqlClient,
  number: number,
  size: PieceSize,
): AsyncGenerator<number> {
  const text = `WITH gone AS (DELETE FROM holder WHERE token_number = $1 AND account IN (
      SELECT account FROM holder WHERE token_number = $1 ORDER BY account LIMIT $2) RETURNING 1)
    SELECT count(*)::int AS count FROM gone`;
  for (;;) {
    const count = await size.run((rows) => counted(db, text, [number, rows]));
    if (count === 0) return;
    yield count;
  }
}

async function* deleteAnyOrder(
  db: SqlClient,
  { name, owner }: OwnedTable,
  number: number,
  size: PieceSize,
): AsyncGenerator<number> {
  const text = `WITH gone AS (DELETE FROM ${name} WHERE ${owner} = $1 AND ctid = ANY (ARRAY(
      SELECT ctid FROM ${name} WHERE ${owner} = $1 LIMIT $2)) RETURNING 1)
    SELECT count(*)::int AS count FROM gone`;
  for (;;) {
    const count = await size.run((rows) => counted(db, text, [number, rows]));
    if (count === 0) return;
    yield count;
  }
}

async function counted(db: SqlClient, text: string, values: unknown[]): Promise<number> {
  const { rows } = await db.query<{ count: number }>(text, values);
  return rows[0]?.count ?? 0;
}
