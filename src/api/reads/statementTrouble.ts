import { LRUCache } from 'lru-cache';
import { databaseFault } from '../../store/database/databaseFault.js';

/** After so many failures in a row, the next attempt will fail too. */
const IN_A_ROW = 3;
const REMEMBER_MS = 30_000;

/**
 * SQLSTATE codes of a set-up that does not fit the program: a prepared statement that another session
 * has, missing rights, missing tables or columns, or a missing schema.
 */
const UNFIT = new Set(['26000', '42P05', '42501', '42P01', '42703', '3F000']);

/**
 * Statements that keep failing for a reason that no client causes. The heads of the chains may be
 * readable all the same.
 */
export class StatementTrouble {
  private readonly failing = new LRUCache<string, { count: number; reason: string }>({
    max: 1_000,
    ttl: REMEMBER_MS,
  });

  /** What keeps failing; `null`: nothing. */
  get reason(): string | null {
    for (const { count, reason } of this.failing.values()) if (count >= IN_A_ROW) return reason;
    return null;
  }

  succeeded(statement: string): void {
    if (this.failing.size > 0) this.failing.delete(statement);
  }

  failed(statement: string, error: unknown): void {
    const reason = reasonOf(error);
    if (reason === null) return;
    const count = (this.failing.get(statement)?.count ?? 0) + 1;
    this.failing.set(statement, { count, reason });
  }
}

function reasonOf(error: unknown): string | null {
  const fault = databaseFault(error);
  if (fault !== null) return fault.code;
  if (!(error instanceof Error) || !('code' in error)) return null;
  const state = String(error.code);
  return UNFIT.has(state) ? `SQLSTATE ${state}` : null;
}
