import { redactText } from '../../config/redact.js';
import { errorDocs } from '../../errors.js';

/** Errors of every part of the program that a user can act on look like this. */
interface ActionableError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/**
 * Reports on stderr what went wrong and what to do. A stack is for developers: --verbose or
 * IMO_LEDGER_DEBUG=1 shows it. URLs in all messages are redacted; hints have none.
 */
export function reportError(error: unknown): void {
  const { code, message, hint } = isActionable(error) ? error : unexpected(error);
  process.stderr.write(errorText({ code, message: redactText(message), hint }));
  if (!isVerbose()) return;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    process.stderr.write(redactText(`${cause.stack}\n${detailOf(cause)}`));
  }
}

/** An error as the command line prints it: what is wrong, what to do, where to read more. */
export function errorText({ code, message, hint }: ActionableError): string {
  return `error ${code}: ${message}\nhint: ${hint}\ndocs: ${errorDocs(code)}\n`;
}

/** What PostgreSQL adds to its message, such as the row that it refused. */
function detailOf(error: Error): string {
  return 'detail' in error && typeof error.detail === 'string' ? `detail: ${error.detail}\n` : '';
}

/** The options of a verb are not known here: it may have failed while they were read. */
function isVerbose(): boolean {
  return process.argv.includes('--verbose') || process.env.IMO_LEDGER_DEBUG === '1';
}

function isActionable(error: unknown): error is ActionableError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    'hint' in error &&
    typeof error.hint === 'string'
  );
}

function unexpected(error: unknown): ActionableError {
  return {
    code: 'UNEXPECTED',
    message: error instanceof Error ? error.message : String(error),
    hint: 'This should not happen. Run it again with --verbose and report what it prints.',
  };
}
