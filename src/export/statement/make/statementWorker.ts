import { parentPort } from 'node:worker_threads';
import { ImoError } from '../../../errors.js';
import { LedgerError } from '../../../ledger/errors.js';
import { findServer } from '../../../store/database/connect.js';
import { readConsistently } from '../read/consistentRead.js';
import { readStatement } from '../read/readStatement.js';
import { limitedRows } from './limitedRows.js';
import { statementContent } from './statementContent.js';
import type { StatementJob } from './statementJob.js';

/** What the thread that makes a statement is given. */
export interface StatementWork extends StatementJob {
  readonly databaseUrl: string;
  readonly rowsAtMost: number;
}

/** What it answers to each. */
export type StatementAnswer =
  | { readonly content: Uint8Array }
  | { readonly error: 'imo' | 'ledger'; code: string; message: string; hint: string }
  | { readonly error: 'other'; readonly message: string };

parentPort?.on('message', async (work: StatementWork) => {
  parentPort?.postMessage(await made(work));
});

async function made(work: StatementWork): Promise<StatementAnswer> {
  try {
    const url = await findServer(work.databaseUrl, { writes: false });
    const statement = await readConsistently(url, (db) =>
      readStatement(limitedRows(db, work.rowsAtMost), work.request),
    );
    return { content: Buffer.from(await statementContent(statement, work.format)) };
  } catch (error) {
    return answerOf(error);
  }
}

/** Errors lose their class on the way to another thread. */
function answerOf(error: unknown): StatementAnswer {
  if (error instanceof ImoError || error instanceof LedgerError) {
    const { code, message, hint } = error;
    return { error: error instanceof ImoError ? 'imo' : 'ledger', code, message, hint };
  }
  return {
    error: 'other',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
