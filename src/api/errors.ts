import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import { errorDocs, ImoError } from '../errors.js';
import { LedgerError } from '../ledger/errors.js';
import { databaseFault } from '../store/database/databaseFault.js';

/** A wrong value in a query: it stops the query before anything is read. */
export function inputError(code: string, message: string, hint: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, hint, docs: errorDocs(code) } });
}

/** Postgres: the statement took longer than `statement_timeout`. */
const QUERY_CANCELED = '57014';
/** Postgres: a text that it cannot hold. Of all that clients can send, only NUL is. */
const BAD_TEXT = '22021';

/** Seconds after which the same request may succeed, by the code of its error. */
const RETRY_AFTER_SECONDS: Readonly<Record<string, number>> = {
  // The rows of the replaced blocks have gone: the next answer is of the new ones.
  CHAIN_REORGANISED: 1,
  DATABASE_UNAVAILABLE: 5,
  DATABASE_MOVED: 1,
  MIN_BLOCK_NOT_REACHED: 1,
};
/** The same for statuses of what may be possible later. */
const RETRY_AFTER_STATUS: Readonly<Record<number, number>> = { 429: 60, 503: 5 };

/** The header `Retry-After`, if an answer with that status has one. */
export function retryAfter(status: number, code: string): Record<string, string> {
  const otherwise = RETRY_AFTER_STATUS[status];
  if (otherwise === undefined) return {};
  return { 'retry-after': String(RETRY_AFTER_SECONDS[code] ?? otherwise) };
}

function unavailable(code: string) {
  return { status: 503, headers: retryAfter(503, code) };
}

/** What clients send comes back in messages: not all of it, and not for each field that has it. */
const MESSAGE_AT_MOST = 1_000;

/**
 * The client's view of an error: code, message, hint and docs of errors that it can act on; nothing
 * internal (stack, SQL, addresses of servers) of any other.
 *
 * @param report gets the errors that are hidden from the client.
 */
export function maskError(error: unknown, report: (cause: unknown) => void): GraphQLError {
  const masked = maskedError(error, report);
  const extensions = { ...masked.extensions, docs: errorDocs(String(masked.extensions.code)) };
  return new GraphQLError(shortened(masked.message), { ...whereOf(masked), extensions });
}

function shortened(message: string): string {
  if (message.length <= MESSAGE_AT_MOST) return message;
  // Not in the middle of a pair of surrogates.
  return `${message.slice(0, MESSAGE_AT_MOST).replace(/[\ud800-\udbff]$/, '')}…`;
}

function maskedError(error: unknown, report: (cause: unknown) => void): GraphQLError {
  const cause = causeOf(error);
  if (cause instanceof ImoError) {
    const { message, code, hint } = cause;
    const http = code in RETRY_AFTER_SECONDS ? { http: unavailable(code) } : {};
    return located(error, message, { code, hint, ...http });
  }
  if (error instanceof GraphQLError && cause instanceof GraphQLError) return withCode(error);
  if (hasState(cause, BAD_TEXT)) {
    return located(error, 'a text of the query has a NUL character', {
      code: 'BAD_TEXT',
      hint: 'Remove it: no indexed text contains one.',
    });
  }
  report(cause);
  if (cause instanceof LedgerError) {
    return located(error, 'the books cannot be read by this version', {
      code: cause.code,
      hint: 'Update the server to the version that indexed them.',
    });
  }
  if (databaseFault(cause) !== null) {
    return located(error, 'the database does not answer at the moment', {
      code: 'DATABASE_UNAVAILABLE',
      hint: 'Ask again in a few seconds.',
      http: unavailable('DATABASE_UNAVAILABLE'),
    });
  }
  if (hasState(cause, QUERY_CANCELED)) {
    return located(error, 'the database took too long', {
      code: 'QUERY_TIMEOUT',
      hint: 'Ask for less: a smaller page, one token, a range of blocks, or no totalCount.',
    });
  }
  return located(error, 'something went wrong on the server', {
    code: 'INTERNAL',
    hint: 'Ask again. If it happens again, report it to the operator, whose log has the details.',
  });
}

/** What to do about errors of the language itself. */
const HINTS: Readonly<Record<string, string>> = {
  GRAPHQL_PARSE_FAILED: 'Correct the text of the query at the place that `locations` names.',
  GRAPHQL_VALIDATION_FAILED:
    'Use the fields and arguments of the schema. GraphiQL at this address shows them.',
  BAD_VARIABLE:
    'Send every variable that the query declares with "!", each with a value of its type.',
  OPERATION_RESOLUTION_FAILURE:
    'Send an operation that the schema allows, and its name if the query has several.',
};

/** Errors of GraphQL itself may come without a code, as that of a variable. */
function withCode(error: GraphQLError): GraphQLError {
  const { code, hint } = error.extensions ?? {};
  if (typeof code === 'string' && typeof hint === 'string') return error;
  const known = typeof code === 'string' ? code : codeOf(error.message);
  return new GraphQLError(error.message, {
    ...whereOf(error),
    extensions: {
      ...error.extensions,
      code: known,
      hint: HINTS[known] ?? HINTS.OPERATION_RESOLUTION_FAILURE,
    },
  });
}

function codeOf(message: string): string {
  return message.startsWith('Variable ') ? 'BAD_VARIABLE' : 'BAD_REQUEST';
}

const SUGGESTION = / Did you mean [^?]*\?/g;

/** An error that names nothing of the schema that its client did not name itself. */
export function withoutSuggestions(error: GraphQLError): GraphQLError {
  const message = error.message.replace(SUGGESTION, '');
  return new GraphQLError(message, { ...whereOf(error), extensions: error.extensions });
}

function located(
  error: unknown,
  message: string,
  extensions: GraphQLErrorExtensions & { code: string; hint: string },
): GraphQLError {
  const where = error instanceof GraphQLError ? whereOf(error) : {};
  return new GraphQLError(message, { ...where, extensions });
}

function whereOf({ nodes, source, positions, path }: GraphQLError) {
  return { nodes, source, positions, path };
}

function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError !== undefined) {
    cause = cause.originalError;
  }
  return cause;
}

function hasState(error: unknown, sqlState: string): boolean {
  return error instanceof Error && 'code' in error && error.code === sqlState;
}
