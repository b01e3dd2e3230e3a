import type { ExecutionResult } from 'graphql';
import type { ServingConfig } from '../config/serving.js';
import { ImoError } from '../errors.js';
import { ExportRunner } from '../export/request/exportRunner.js';
import { type ApiOptions, type ApiParts, openApiParts } from './apiParts.js';
import { maskError } from './errors.js';
import type { Dashboard } from './http/dashboard.js';
import { EXAMPLE_QUERY } from './http/exampleQuery.js';
import { frontDoor } from './http/frontDoor.js';
import { graphiqlPage } from './http/graphiqlPage.js';
import { graphqlGet } from './http/graphqlGet.js';
import { type GraphqlPostOptions, graphqlPost } from './http/graphqlPost.js';
import { CLIENT_PATIENCE, HttpServer, hostNameOf } from './http/httpServer.js';
import type { Handler } from './http/messages/exchange.js';
import { isOriginAllowed } from './http/messages/headers.js';
import { problemOf } from './http/messages/problem.js';
import type { RequestRun } from './limits/turns/requestRun.js';
import type { RequestTurns } from './limits/turns/requestTurns.js';
import { serveWebSockets, type WebSockets } from './live/serve/webSockets.js';
import { healthPages } from './operate/healthPages.js';
import { type OperatorsServer, serveOperators } from './operate/operators.js';
import { endPools } from './reads/pool.js';
import { inAttempts } from './request/attempts.js';
import { MIN_BLOCK_HEADER, minBlocksOf } from './request/minBlocks.js';
import type { ReadServers } from './request/readServers.js';
import { answerExport } from './rest/export.js';
import { sendProblem } from './rest/reply.js';
import { answerRest } from './rest/router.js';
import { answerStatement } from './rest/statement.js';
import {
  type Answering,
  type Api,
  answerByYoga,
  answerOne,
  createAnswering,
  ENDPOINT,
} from './yoga.js';

export type { ApiOptions } from './apiParts.js';

/** A server that answers until `close()`. */
export interface RunningApi {
  /** Of the GraphQL endpoint, and of GraphiQL in a browser. */
  readonly url: string;
  /** Of the web page. */
  readonly pageUrl: string;
  readonly port: number;
  /** Of the pages for operators; `null`: there are none. */
  readonly operatorsUrl: string | null;
  /** Takes no new requests and lets the running ones finish, for some seconds. */
  close(): Promise<void>;
}

const DEFAULT_READY_LAG_BLOCKS = 100;

/**
 * Serves the GraphQL API.
 *
 * @throws ImoError `PORT_IN_USE`, `PORT_FORBIDDEN`, `TRUSTED_PROXY_INVALID` or
 *   `PERSISTED_QUERIES_INVALID`
 */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const { databaseUrl, port, host = '127.0.0.1' } = options;
  const parts = await openApiParts(options);
  const { serving, clients, metrics, logger, live, pools, servers } = parts;
  const patience = { ...CLIENT_PATIENCE, ...options.patience };
  const answering = createAnswering(parts);
  const { yoga } = answering;
  const pages = pagesOf(parts, options.readyLagBlocks);
  const exports = {
    desk: new ExportRunner({ databaseUrl }),
    paceMs: patience.paceMs,
    onError: (error: unknown) => logger.error({ err: error }, 'an export failed'),
  };
  const statements = { ...exports, databaseUrl };
  const handlers = handlersOf(parts, answering, {
    exports: (exchange) => answerExport(exchange, exports) || answerStatement(exchange, statements),
  });
  const server = new HttpServer(
    frontDoor({ serving, clients, probes: [pages.forClients], handlers, metrics, logger }),
    patience,
  );
  const sockets = socketsOf(parts, server, yoga);
  let bound: number;
  let operators: OperatorsServer | null = null;
  try {
    operators = options.operators == null ? null : await serveOperators(options.operators, pages);
    bound = await server.listen(port, host);
  } catch (error) {
    await operators?.close();
    servers.close();
    await Promise.all(pools.map(endPools));
    throw error;
  }
  let closed: Promise<void> | null = null;
  const close = async () => {
    const finished = server.close();
    await operators?.close();
    await live.close();
    await sockets.close();
    await finished;
    await exports.desk.close();
    await yoga.dispose();
    servers.close();
    await Promise.all(pools.map(endPools));
  };
  const origin = `http://${hostNameOf(host)}:${bound}`;
  return {
    url: `${origin}${serving.basePath}${ENDPOINT}`,
    pageUrl: `${origin}${serving.basePath}/`,
    port: bound,
    operatorsUrl: operators?.url ?? null,
    close() {
      closed ??= close();
      return closed;
    },
  };
}

function pagesOf({ services, metrics, logger }: ApiParts, readyLagBlocks?: number) {
  return healthPages({
    services,
    metrics,
    lagAtMost: readyLagBlocks ?? DEFAULT_READY_LAG_BLOCKS,
    onError: (error) => logger.error({ err: error }, 'the state of health is not known'),
  });
}

/** Codes of an answer of GraphQL, whose errors are masked already. */
function codesOfResult(result: { readonly value: ExecutionResult } | { readonly error: unknown }) {
  if ('error' in result) return result.error instanceof ImoError ? [result.error.code] : [];
  return (result.value.errors ?? []).map(({ extensions }) => String(extensions?.code));
}

/** The first that knows the path answers. */
function handlersOf(
  { serving, clients, services, servers, turns, runs, prepared, logger, mask, dashboard }: ApiParts,
  answering: Answering,
  { exports }: { readonly exports: Handler },
): Handler[] {
  const onError = (error: unknown) => logger.error({ err: error }, 'a request failed');
  const graphql: Pick<GraphqlPostOptions, 'path' | 'mask' | 'admitMore' | 'open' | 'answer'> = {
    path: ENDPOINT,
    mask,
    admitMore: (exchange, operations) => clients.admitMore(exchange, operations),
    open: (exchange) => runs.ofExchange(exchange),
    answer: async ({ request }, params, run) => {
      const attempt = () => answerOne(answering, params, run);
      const wanted = minBlocksOf(request, params);
      const answer = () => inAttempts(servers, run, wanted, attempt, codesOfResult);
      // What is known already is read at once.
      return prepared.isKnown(params.query) ? answer() : inTurn(turns, run, answer);
    },
  };
  return [
    ...(dashboard === null ? [rootRedirect(serving.basePath)] : [dashboard.files]),
    // Who may ask listed queries only has no use for it.
    ...(serving.persistedQueries.only
      ? []
      : [graphiqlPage(ENDPOINT, EXAMPLE_QUERY, serving.basePath)]),
    graphqlPost({ ...serving.limits, ...graphql }),
    graphqlGet({ finalSeconds: serving.caching.finalSeconds, ...graphql }),
    afterMinBlocks(servers, exports, onError),
    (exchange) => answerRest(exchange, { services, servers, runs, onError }),
    ...(dashboard === null ? [] : [pageOf(dashboard)]),
    async (exchange) => {
      const run = runs.ofExchange(exchange);
      await inTurn(turns, run, () => answerByYoga(answering.yoga, exchange, run, mask));
    },
  ];
}

/** Files come from the main server, as soon as it has the blocks that their client wants. */
function afterMinBlocks(
  servers: ReadServers,
  files: Handler,
  onError: (error: unknown) => void,
): Handler {
  return (exchange) => {
    const { request, response, path } = exchange;
    if (request.headers[MIN_BLOCK_HEADER] === undefined) return files(exchange);
    if (!FILES.test(path)) return false;
    const answer = async () => {
      try {
        await servers.untilMainHas(minBlocksOf(request));
      } catch (error) {
        sendProblem(request, response, problemOf(maskError(error, onError)));
        return;
      }
      await files(exchange);
    };
    return answer();
  };
}

const FILES = /^\/v1\/(export|statement)(\/|$)/;

function socketsOf(
  { serving, clients, listed, live, metrics, runs, mask }: ApiParts,
  server: HttpServer,
  yoga: Api,
): WebSockets {
  const sockets = serveWebSockets({
    server: server.node,
    yoga,
    path: ENDPOINT,
    basePath: serving.basePath,
    maskError: mask,
    open: (client, onEnd) => runs.ofSocket(client, onEnd),
    messageBytesAtMost: serving.limits.requestBytes,
    clients,
    isOriginAllowed: (origin) => isOriginAllowed(origin, serving.corsOrigins),
    isServed: isServed(serving, listed),
    metrics,
    socketsAtMost: serving.limits.sockets,
    operationsAtMost: serving.limits.socketOperations,
  });
  metrics.watchLive({ subscriptions: () => live.subscriptions, sockets: () => sockets.open });
  return sockets;
}

/** What the plugin for persisted queries does, for WebSockets. */
function isServed(
  { persistedQueries: { only } }: ServingConfig,
  listed: ReadonlyMap<string, string>,
) {
  const texts = new Set(listed.values());
  return (query: string) => !only || texts.has(query);
}

/** Reads the query of an operation when it is the turn of its client. */
async function inTurn<Answer>(
  { intake }: RequestTurns,
  run: RequestRun,
  answer: () => Promise<Answer>,
): Promise<Answer> {
  run.read = await intake.enter(run.client);
  try {
    run.assertGoing();
    return await answer();
  } finally {
    run.read();
  }
}

/** The page where nothing else answered: the endpoint always does. */
function pageOf({ page }: Dashboard): Handler {
  return (exchange) => exchange.path !== ENDPOINT && page(exchange);
}

function rootRedirect(basePath: string): Handler {
  return ({ path, request, response }) => {
    if (path !== '/' || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
    response.writeHead(302, { location: `${basePath}${ENDPOINT}` }).end();
    return true;
  };
}
