import type { SqlClient } from '../database/sqlClient.js';

/** The channel on which commits are announced to listeners (LISTEN). */
export const COMMIT_CHANNEL = 'imo_ledger_commit';

/** What a transaction did to the blocks of a chain, both ends included. */
export interface CommitNotice {
  readonly chainId: number;
  /** Whether blocks were added or rolled back. */
  readonly kind: 'commit' | 'rollback';
  readonly fromBlock: number;
  readonly toBlock: number;
}

/**
 * Announces a commit inside its transaction. Listeners that receive it find its rows, and a failed
 * transaction announces nothing. Listeners read the rows themselves: a payload has room for only
 * 8000 bytes. Nobody sees joining books, so nothing is announced of them. Groups of contracts announce what they have
 * in common.
 */
export async function announceCommit(
  db: SqlClient,
  { chainId, kind, fromBlock, toBlock }: CommitNotice,
): Promise<void> {
  if (chainId < 0) return;
  const payload = JSON.stringify({ chainId, kind, fromBlock, toBlock });
  await db.query('SELECT pg_notify($1, $2)', [COMMIT_CHANNEL, payload]);
}
