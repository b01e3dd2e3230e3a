import { errorDocs, ImoError } from '../../errors.js';
import { maskError, retryAfter } from '../errors.js';

/** The answer for an export that could not start. */
export interface ExportFailure {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: {
    readonly error: {
      readonly code: string;
      readonly message: string;
      readonly hint: string;
      readonly docs: string;
    };
  };
}

const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  EXPORT_UNKNOWN_DATASET: 404,
  UNKNOWN_TOKEN: 404,
  UNKNOWN_CHAIN: 404,
  BLOCK_NOT_INDEXED: 404,
  CHAIN_REORGANISED: 409,
  EXPORT_PRICES_CHANGED: 409,
  EXPORT_CHANGED: 409,
  EXPORT_BUSY: 429,
  NOTHING_INDEXED: 503,
  DATABASE_DOWN: 503,
  DATABASE_REFUSED: 503,
  DATABASE_UNAVAILABLE: 503,
  EXPORT_NO_PIPE: 501,
  QUERY_TIMEOUT: 504,
  INTERNAL: 500,
};
const BAD_REQUEST = 400;

/** As for GraphQL: nothing of the inside reaches the client. */
export function exportFailure(error: unknown, report: (cause: unknown) => void): ExportFailure {
  // The name of the database's host is in it.
  const isDatabase = error instanceof ImoError && error.code.startsWith('DATABASE_');
  if (isDatabase) report(error);
  const shown = isDatabase
    ? new ImoError(
        'DATABASE_UNAVAILABLE',
        'the database does not answer at the moment',
        'Ask again in a few seconds.',
      )
    : error;
  const { message, extensions } = maskError(shown, report);
  const code = String(extensions.code);
  const status = STATUS_OF_CODE[code] ?? BAD_REQUEST;
  return {
    status,
    headers: retryAfter(status, code),
    body: { error: { code, message, hint: String(extensions.hint), docs: errorDocs(code) } },
  };
}
