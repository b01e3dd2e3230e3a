import { ImoError } from '../../errors.js';
import { maskError } from '../errors.js';
import type { Exchange } from '../http/messages/exchange.js';
import { problemOf } from '../http/messages/problem.js';
import type { Runs } from '../http/runs.js';
import type { RequestRun } from '../limits/turns/requestRun.js';
import { inAttempts } from '../request/attempts.js';
import { type ApiContext, type ApiServices, createContext } from '../request/context.js';
import { minBlocksOf } from '../request/minBlocks.js';
import type { ReadServers } from '../request/readServers.js';
import { assertNotReorganised } from '../request/reorgGuard.js';
import { OPENAPI_PATH, openApiDocument } from './openapi.js';
import type { RawValues } from './queryTexts.js';
import { notAllowed, sendMethods, sendProblem, sendTagged } from './reply.js';
import { JSON_TYPE, type RestRoute } from './route.js';
import { REST_ROUTES } from './routes.js';

/** What the REST surface works with. */
export interface RestServices {
  /** Of the main server. */
  readonly services: ApiServices;
  readonly servers: ReadServers;
  readonly runs: Runs;
  /** Takes the errors that are hidden from clients. */
  readonly onError: (error: unknown) => void;
}

const PREFIX = '/v1';
const METHODS = ['GET', 'HEAD'];
/** The description changes with the version of the server only. */
const DESCRIPTION_CACHE = 'public, max-age=300';

let description: object | null = null;

/** Answers what is below `/v1`; `false`: the request is for somebody else. */
export function answerRest(exchange: Exchange, rest: RestServices): boolean | Promise<void> {
  const { request, response } = exchange;
  const [path = ''] = (request.url ?? '').split('?', 1);
  if (path !== PREFIX && !path.startsWith(`${PREFIX}/`)) return false;
  return answer(exchange, path, rest).catch((error: unknown) => {
    const problem = problemOf(maskError(error, rest.onError));
    if (response.headersSent) response.destroy();
    else sendProblem(request, response, problem);
  });
}

async function answer(exchange: Exchange, path: string, rest: RestServices): Promise<void> {
  const { request, response } = exchange;
  if (request.method === 'OPTIONS') return sendMethods(response, METHODS);
  const found = path === OPENAPI_PATH ? null : routeOf(path);
  if (!METHODS.includes(request.method ?? '')) throw notAllowed(request.method, METHODS);
  if (found === null) {
    description ??= openApiDocument(REST_ROUTES);
    const body = `${JSON.stringify(description)}\n`;
    const headers = { contentType: JSON_TYPE, cacheControl: DESCRIPTION_CACHE };
    return sendTagged(request, response, body, headers);
  }
  const { route, values } = found;
  const run = rest.runs.ofExchange(exchange);
  const [, query = ''] = splitOnce(request.url ?? '', '?');
  const body = await inAttempts(
    rest.servers,
    run,
    minBlocksOf(request),
    () =>
      readBody(rest, run, (context) => route.answer(context, values, new URLSearchParams(query))),
    codesOf,
  );
  const { contentType, cacheControl } = route;
  await sendTagged(request, response, body, { contentType, cacheControl });
}

/** One attempt, on the server that is chosen for it. */
async function readBody(
  { services, servers }: RestServices,
  run: RequestRun,
  read: (context: ApiContext) => Promise<string>,
): Promise<string> {
  const context = createContext(servers.servicesOf(run), run);
  run.begin();
  const leave = await services.turns.enter(run);
  try {
    const body = await read(context);
    await servers.assertWhole(run, context.books);
    await assertNotReorganised(context.joined, context.books);
    return body;
  } finally {
    leave();
    run.end();
  }
}

/** The codes that clients see of an error. */
function codesOf(result: { readonly value: string } | { readonly error: unknown }): string[] {
  if (!('error' in result)) return [];
  return [String(maskError(result.error, () => undefined).extensions.code)];
}

/** @throws ImoError `NO_SUCH_PATH` */
function routeOf(path: string): { route: RestRoute; values: RawValues } {
  const parts = path.split('/');
  for (const route of REST_ROUTES) {
    const wanted = route.path.split('/');
    const fits = wanted.every((part, index) => isParameter(part) || part === parts[index]);
    if (!fits || wanted.length !== parts.length) continue;
    const values = wanted.flatMap((part, index) =>
      isParameter(part) ? [[part.slice(1, -1), decoded(parts[index] ?? '')] as const] : [],
    );
    return { route, values: new Map(values) };
  }
  throw new ImoError(
    'NO_SUCH_PATH',
    `there is nothing at ${path.slice(0, 200)}`,
    `GET ${OPENAPI_PATH} lists what there is.`,
  );
}

function isParameter(part: string): boolean {
  return part.startsWith('{') && part.endsWith('}');
}

/** Text without a valid encoding stays as it is, and its reader refuses it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
