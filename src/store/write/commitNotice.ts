import type { SqlClient } from '../database/sqlClient.js';

/** The channel on which commits are announced to whoever LISTENs. */
export const COMMIT_CHANNEL = 'imo_ledger_commit';

/** What a transaction did to the blocks of a chain, both ends included. */
export interface CommitNotice {
  readonly chainId: number;
  /** Blocks were added, or those were taken back. */
  readonly kind: 'commit' | 'rollback';
  readonly fromBlock: number;
  readonly toBlock: number;
}

/**
 * Announces a commit with the transaction that makes it: whoever hears of it finds its rows,
 * and a transaction that fails is never heard of. The rows themselves are not sent (a payload
 * has room for 8000 bytes): listeners read them.
 */
export async function announceCommit(
  db: SqlClient,
  { chainId, kind, fromBlock, toBlock }: CommitNotice,
): Promise<void> {
  const payload = JSON.stringify({ chainId, kind, fromBlock, toBlock });
  await db.query('SELECT pg_notify($1, $2)', [COMMIT_CHANNEL, payload]);
}
