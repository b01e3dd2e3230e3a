import { checksummed } from '../../address.js';
import type { ExportRunner } from '../../export/request/exportRunner.js';
import { makeStatement } from '../../export/statement/make/makeStatement.js';
import { STATEMENT_FILES } from '../../export/statement/make/statementFormats.js';
import {
  parseStatementJob,
  type StatementJob,
  type StatementTexts,
} from '../../export/statement/make/statementJob.js';
import { maskError } from '../errors.js';
import { limitedAs } from '../http/clients/clientAddress.js';
import type { Exchange } from '../http/messages/exchange.js';
import { problemOf } from '../http/messages/problem.js';
import { queryTexts } from './queryTexts.js';
import { notAllowed, sendMethods, sendProblem, sendTagged } from './reply.js';

export interface StatementServices {
  readonly databaseUrl: string;
  /** A statement takes the place of an export. */
  readonly desk: ExportRunner;
  /** Takes the errors that are hidden from clients. */
  readonly onError: (error: unknown) => void;
}

const STATEMENT_PATH = '/v1/statement';
const METHODS = ['GET', 'HEAD'];
const OPTIONS = ['holder', 'format', 'from', 'to', 'token', 'chain', 'currency'];
const REPEATABLE = ['holder', 'token'];

/**
 * Answers `GET /v1/statement?holder=…`: the file that `imo-ledger statement` writes.
 *
 * @returns `false`: the request is for somebody else
 */
export function answerStatement(
  exchange: Exchange,
  services: StatementServices,
): boolean | Promise<void> {
  const { request, response, path } = exchange;
  if (path !== STATEMENT_PATH) return false;
  if (request.method === 'OPTIONS') {
    sendMethods(response, METHODS);
    return true;
  }
  return answer(exchange, services).catch((error: unknown) => {
    if (response.destroyed) return;
    if (response.headersSent) response.destroy();
    else sendProblem(request, response, problemOf(maskError(error, services.onError)));
  });
}

async function answer(
  { request, response, client }: Exchange,
  { databaseUrl, desk }: StatementServices,
): Promise<void> {
  if (!METHODS.includes(request.method ?? '')) throw notAllowed(request.method, METHODS);
  const [, search = ''] = (request.url ?? '').split('?', 2);
  const job = parseStatementJob(textsOf(new URLSearchParams(search)));
  const left = new AbortController();
  response.once('close', () => left.abort());
  const content = await desk.run(
    (ended) => makeStatement(job, { databaseUrl, signal: AbortSignal.any([left.signal, ended]) }),
    limitedAs(client),
  );
  await sendTagged(request, response, content, fileHeaders(job));
}

/** @throws ImoError `BAD_QUERY` for a parameter that does not exist or is given twice */
function textsOf(search: URLSearchParams): StatementTexts {
  const texts = queryTexts(search, OPTIONS, REPEATABLE);
  const { holder, token, ...others } = Object.fromEntries(texts);
  return { ...others, holder: holder?.split(',') ?? [], token: token?.split(',') ?? [] };
}

function fileHeaders({ format, request }: StatementJob) {
  const { contentType, ending } = STATEMENT_FILES[format];
  const [first] = request.accounts;
  const whose = first === undefined ? '' : `-${checksummed(first)}`;
  return {
    contentType,
    cacheControl: 'public, no-cache',
    'content-disposition': `attachment; filename="statement${whose}.${ending}"`,
  };
}
