import type { IncomingMessage } from 'node:http';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import { ImoError } from '../../errors.js';
import type { RequestRun } from '../limits/turns/requestRun.js';
import { etagOf, hasSame } from './messages/conditions.js';
import type { Exchange, Handler } from './messages/exchange.js';
import { readBody } from './messages/readBody.js';
import { refuse } from './messages/refusal.js';
import { sendBody } from './messages/sendBody.js';

export interface GraphqlPostOptions {
  readonly path: string;
  readonly requestBytes: number;
  readonly batch: number;
  /** Whether so many operations may be asked beyond the first; if not, that is answered. */
  readonly admitMore: (exchange: Exchange, operations: number) => Promise<boolean>;
  /** Answers one operation, with everything that plugins do. */
  readonly answer: (
    exchange: Exchange,
    params: GraphQLParams,
    run: RequestRun,
  ) => Promise<ExecutionResult>;
  /** Begins to count what an operation takes. */
  readonly open: (exchange: Exchange) => RequestRun;
  /** Takes the errors that are hidden from clients, and returns what they see. */
  readonly mask: (error: unknown) => GraphQLError;
}

const JSON_TYPE = /^application\/json\s*(;\s*charset=("?)utf-8\2\s*)?$/i;
/** Our answers never come in parts. */
const STREAMED = /text\/event-stream|multipart\//i;
const RESPONSE_TYPE = 'application/graphql-response+json';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Answers GraphQL over HTTP as most clients send it: a JSON body, a JSON answer. Without the
 * conversions to and from the web's Request and Response, which cost as much as the answer.
 * Anything else (GET, GraphiQL, streams) is left to others.
 */
export function graphqlPost(options: GraphqlPostOptions): Handler {
  return (exchange) => {
    const { request, path } = exchange;
    if (request.method !== 'POST' || path !== options.path) return false;
    if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) return false;
    if (STREAMED.test(request.headers.accept ?? '')) return false;
    return answerPost(exchange, options);
  };
}

async function answerPost(exchange: Exchange, options: GraphqlPostOptions): Promise<void> {
  const { request } = exchange;
  let body: unknown;
  try {
    body = parseBody(await readBody(request, options.requestBytes));
    checkBody(body, options.batch);
  } catch (error) {
    if (!(error instanceof ImoError)) throw error;
    const isTooLarge = error.code === 'REQUEST_TOO_LARGE';
    // The rest of it is not read: the connection is of no more use.
    const headers = isTooLarge ? { connection: 'close' } : {};
    refuse(exchange, isTooLarge ? 413 : 400, error, headers as Record<string, string>);
    return;
  }
  if (Array.isArray(body) && body.length > 1) {
    if (!(await options.admitMore(exchange, body.length - 1))) return;
  }
  const answerOne = async (params: unknown): Promise<ExecutionResult> => {
    try {
      // Checked by the plugins, each key.
      return await options.answer(exchange, params as GraphQLParams, options.open(exchange));
    } catch (error) {
      return { errors: [options.mask(error)] };
    }
  };
  const result = Array.isArray(body)
    ? await Promise.all(body.map(answerOne))
    : await answerOne(body);
  await sendResult(exchange, result, options.mask);
}

function parseBody(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    throw new ImoError(
      'BAD_REQUEST',
      'the body is not JSON in UTF-8',
      'Send {"query": "…", "variables": {…}} with content-type application/json.',
      { cause },
    );
  }
}

function checkBody(body: unknown, batch: number): void {
  const operations = Array.isArray(body) ? body : [body];
  if (operations.length > batch) {
    throw new ImoError(
      'BATCH_TOO_LARGE',
      `${operations.length} operations in one request, at most ${batch} are allowed`,
      'Send several requests.',
    );
  }
  const isOperation = (operation: unknown) =>
    typeof operation === 'object' && operation !== null && !Array.isArray(operation);
  if (operations.length === 0 || !operations.every(isOperation)) {
    throw new ImoError(
      'BAD_REQUEST',
      'the body is not a GraphQL operation',
      'Send {"query": "…", "variables": {…}}, or a list of such objects.',
    );
  }
}

/** HTTP status and headers that an error asks for; they are not for the body. */
interface HttpExtension {
  readonly status?: number;
  /** Of the protocol: not for clients that want 200 for all that was understood. */
  readonly spec?: boolean;
  readonly headers?: Record<string, string>;
}

type Answers = ExecutionResult | readonly ExecutionResult[];

/**
 * Sends the answer of one operation, or of several.
 *
 * @param cacheControl of an answer that caches may keep; it has an ETag. Default: the answer has none
 */
export async function sendResult(
  exchange: Exchange,
  given: Answers,
  mask: GraphqlPostOptions['mask'],
  cacheControl: string | null = null,
): Promise<void> {
  const { request, response, runs } = exchange;
  if (response.destroyed) return;
  let result = given;
  let body = textOf(result);
  try {
    runs[0]?.answered(Buffer.byteLength(body));
  } catch (error) {
    result = { errors: [mask(error)] };
    body = textOf(result);
  }
  const results: readonly ExecutionResult[] = [result].flat();
  const https = results.flatMap(({ errors = [] }) => errors.flatMap(httpOf));
  const isPlain = isPlainJson(request);
  const status = Math.max(
    ...https.map(({ status: asked = 0, spec = false }) => (spec && isPlain ? 0 : asked)),
    isPlain || results.some(({ data }) => data !== undefined) ? 200 : 400,
  );
  const points = runs.reduce((sum, { cost }) => sum + (cost?.points ?? 0), 0);
  const headers = {
    ...Object.assign({}, ...https.map(({ headers }) => headers ?? {})),
    'content-type': `${isPlain ? 'application/json' : RESPONSE_TYPE}; charset=utf-8`,
    ...(points === 0 ? {} : { 'x-cost': String(points) }),
    ...(cacheControl === null ? {} : { 'cache-control': cacheControl }),
  };
  if (cacheControl !== null && status === 200) {
    const etag = etagOf(body);
    response.setHeader('etag', etag);
    if (hasSame(request, etag)) {
      response.writeHead(304, { 'cache-control': cacheControl }).end();
      return;
    }
  }
  await sendBody(request, response, status, headers, body);
}

function textOf(result: Answers): string {
  const results: readonly ExecutionResult[] = [result].flat();
  const hasHttp = results.some(({ errors = [] }) =>
    errors.some((error) => httpOf(error).length > 0),
  );
  if (!hasHttp) return JSON.stringify(result);
  const shown = results.map(withoutHttp);
  return JSON.stringify(Array.isArray(result) ? shown : shown[0]);
}

/** Clients that do not know GraphQL's own type want 200 for whatever was understood. */
function isPlainJson(request: IncomingMessage): boolean {
  const accept = request.headers.accept ?? '*/*';
  return !accept.includes(RESPONSE_TYPE) && accept.includes('application/json');
}

function httpOf({ extensions }: GraphQLError): HttpExtension[] {
  // Errors of compiled queries may have none at all.
  return extensions?.http === undefined ? [] : [extensions.http as HttpExtension];
}

function withoutHttp(result: ExecutionResult): unknown {
  return {
    ...result,
    ...(result.errors === undefined
      ? {}
      : {
          errors: result.errors.map((error) => {
            const { http: _, ...extensions } = error.extensions ?? {};
            const { message, path, locations } = error.toJSON();
            return { message, locations, path, extensions };
          }),
        }),
  };
}
