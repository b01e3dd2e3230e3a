import type { SqlClient } from '../../database/sqlClient.js';
import { lastOperationId } from '../../ids.js';
import { TRANSFER_KIND_SQL } from '../../read/operations/transfers.js';
import type { NextDays } from './nextDays.js';

/** Writes what was minted, burned and moved on each day, in the caller's transaction. */
export async function writeTransferDays(
  db: SqlClient,
  { tokenNumber, after, days }: NextDays,
): Promise<void> {
  const last = days.at(-1);
  if (last === undefined) return;
  await db.query({
    name: 'write_transfer_days',
    text: `INSERT INTO transfer_day
        (token_number, last_block, kind, first_block, block_number, day, count, sum, min, max)
      SELECT $1, d.last_block, t.kind, d.first_block, d.proof, d.day, t.count, t.sum, t.min, t.max
      FROM (
        SELECT date_trunc('day', o."timestamp", 'UTC') AS day, ${TRANSFER_KIND_SQL} AS kind,
          count(*) AS count, sum(o.amount) AS sum, min(o.amount) AS min, max(o.amount) AS max
        FROM transfer o WHERE o.token_number = $1 AND o.id > $2 AND o.id <= $3 GROUP BY 1, 2
      ) t
      JOIN unnest($4::timestamptz[], $5::bigint[], $6::bigint[], $7::bigint[])
        AS d(day, first_block, last_block, proof) USING (day)`,
    values: [
      tokenNumber,
      after < 0 ? '' : lastOperationId(tokenNumber, after),
      lastOperationId(tokenNumber, last.lastBlock),
      days.map(({ day }) => day),
      days.map(({ firstBlock }) => firstBlock),
      days.map(({ lastBlock }) => lastBlock),
      days.map(({ proof }) => proof.number),
    ],
  });
}
