import { readByToken } from '../query/byToken.js';
import type { Queryable } from '../query/queryable.js';
import { shareSql } from './shareSql.js';

/** A snapshot of a token. */
export interface DustKey {
  readonly tokenNumber: number;
  /** Number of the token's books in an asset; default: its books in ETH. */
  readonly bookNumber?: number;
  readonly snapshotId: number;
}

/**
 * Returns the rounding remainder of each snapshot's claimable revenue after every holder has
 * claimed, in wei and in the order of `keys`: `CA[id] − Σ balanceAt * CA[id] // supplyAt`
 * (docs/domain.md#revenue-tokens). It is all of the revenue if there was no supply, and 0 if the
 * books do not have the snapshot.
 *
 * Reads the token's balance checkpoints once: each is valid for the snapshots from its interval up
 * to the next checkpoint of the same account.
 */
export async function readDust(db: Queryable, keys: readonly DustKey[]): Promise<bigint[]> {
  const rows = await readByToken<{ readonly ordinal: number; readonly dust: string }, DustKey>(db, {
    name: 'dust',
    keys,
    tokenOf: ({ tokenNumber }) => tokenNumber,
    columns: {
      book_number: {
        type: 'integer',
        of: ({ tokenNumber, bookNumber }) => bookNumber ?? tokenNumber,
      },
      snapshot_id: { type: 'integer', of: ({ snapshotId }) => snapshotId },
    },
    branch: (token, items) => `WITH asked AS (
        SELECT k.ordinal, s.snapshot_id, s.claimable_wei, s.supply FROM ${items}
        JOIN snapshot s ON s.token_number = k.book_number AND s.snapshot_id = k.snapshot_id
      ), held AS (
        SELECT balance, "interval" AS since,
          lead("interval") OVER (PARTITION BY account ORDER BY block_number, "interval") AS until
        FROM balance_checkpoint WHERE token_number = ${token}
      )
      SELECT a.ordinal, a.claimable_wei
        - coalesce(sum(${shareSql('h.balance', 'a')}), 0) AS dust
      FROM asked a LEFT JOIN held h ON h.balance > 0
        AND h.since < a.snapshot_id AND (h.until IS NULL OR h.until >= a.snapshot_id)
      GROUP BY a.ordinal, a.claimable_wei`,
  });
  const dust = keys.map(() => 0n);
  for (const row of rows) dust[row.ordinal] = BigInt(row.dust);
  return dust;
}
