import { once } from 'node:events';
import { ImoError } from '../../../errors.js';
import { LedgerError, type LedgerErrorCode } from '../../../ledger/errors.js';
import { tooLong } from './limitedRows.js';
import type { StatementJob } from './statementJob.js';
import { keepThread, takeThread } from './statementThread.js';
import type { StatementAnswer, StatementWork } from './statementWorker.js';

export interface MakeOptions {
  readonly databaseUrl: string;
  /** Default: 50,000. */
  readonly rowsAtMost?: number;
  /** Default: two minutes. */
  readonly withinMs?: number;
  /** When it aborts, nobody waits for the statement any longer. */
  readonly signal: AbortSignal;
}

const ROWS_AT_MOST = 50_000;
const WITHIN_MS = 120_000;

/**
 * Makes a statement in a thread of its own: a long PDF takes seconds of computing, and a server has
 * others to answer meanwhile.
 *
 * @throws what `readStatement` and `statementContent` throw, and ImoError `STATEMENT_TOO_LONG`; the
 *   reason of `signal` if that ends it
 */
export async function makeStatement(
  job: StatementJob,
  { databaseUrl, rowsAtMost = ROWS_AT_MOST, withinMs = WITHIN_MS, signal }: MakeOptions,
): Promise<Buffer> {
  signal.throwIfAborted();
  const work: StatementWork = { ...job, databaseUrl, rowsAtMost };
  const thread = takeThread();
  const late = AbortSignal.timeout(withinMs);
  const asked = once(thread, 'message', { signal: AbortSignal.any([signal, late]) });
  thread.postMessage(work);
  const [answer] = await asked.catch(async (error) => {
    await thread.terminate();
    signal.throwIfAborted();
    if (late.aborted) throw tooLong(`takes longer than ${withinMs / 1000} s`);
    if (hasCode(error, 'ERR_WORKER_OUT_OF_MEMORY')) throw tooLong('needs too much memory');
    throw error;
  });
  keepThread(thread);
  return contentOf(answer);
}

/** @throws the error of the thread, with its class again */
function contentOf(answer: StatementAnswer): Buffer {
  if ('content' in answer) return Buffer.from(answer.content);
  switch (answer.error) {
    case 'imo':
      throw new ImoError(answer.code, answer.message, answer.hint);
    case 'ledger':
      throw new LedgerError(answer.code as LedgerErrorCode, answer.message, answer.hint);
    case 'other':
      throw new Error(`a statement failed: ${answer.message}`);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
