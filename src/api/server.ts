import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendNodeResponse } from '@whatwg-node/server';
import type { ExecutionResult, GraphQLError } from 'graphql';
import { createYoga, type GraphQLParams, type YogaServerInstance } from 'graphql-yoga';
import type { Logger } from 'pino';
import { SERVING_DEFAULTS, type ServingConfig } from '../config/serving.js';
import { ExportDesk } from '../export/exportDesk.js';
import type { ApiChain } from './apiChain.js';
import { createApiLogger } from './apiLogger.js';
import { ApiMetrics, measureAnswers } from './apiMetrics.js';
import { type ApiContext, type ApiServices, createContext, createServices } from './context.js';
import { inputError, maskError } from './errors.js';
import { EXAMPLE_QUERY } from './exampleQuery.js';
import { healthPages } from './healthPages.js';
import { Clients } from './http/clients.js';
import type { Handler } from './http/exchange.js';
import { frontDoor } from './http/frontDoor.js';
import { graphiqlPage } from './http/graphiqlPage.js';
import { graphqlPost } from './http/graphqlPost.js';
import { isOriginAllowed } from './http/headers.js';
import { HttpServer, PATIENCE, type Patience } from './http/httpServer.js';
import { loadPersistedQueries, persistedQueries } from './limits/persistedQueries.js';
import { LiveHub, type LiveOptions } from './live/hub.js';
import { answerEachEvent, type Exchanged } from './live/perEvent.js';
import { serveWebSockets } from './live/webSockets.js';
import { limitQueries, markAnswers, refuseBadRequests, refuseMixedAnswers } from './plugins.js';
import { openPool, warnIfWritable } from './pool.js';
import { answerExport } from './rest/export.js';
import { answerRest } from './rest/router.js';
import { buildApiSchema } from './schema.js';

export interface ApiOptions {
  /**
   * PostgreSQL URL, with several hosts if the database may move. The server only reads: a role
   * that may SELECT is enough, and a standby is.
   */
  readonly databaseUrl: string;
  /** 0: any free port. */
  readonly port: number;
  /** Names, and nodes to ask for the newest block. */
  readonly chains?: readonly ApiChain[];
  /** Interface to listen on; default: this machine only. `0.0.0.0`: all. */
  readonly host?: string;
  /** More blocks behind a chain's node than this: `/ready` answers 503. Default: 100. */
  readonly readyLagBlocks?: number;
  /** Limits and manners; default: `SERVING_DEFAULTS`. */
  readonly serving?: ServingConfig;
  /** Of subscriptions: how many, and how often to look for news. */
  readonly live?: Omit<LiveOptions, 'databaseUrl' | 'logger'>;
  /** The database belongs to this process: that its role may write is no news. */
  readonly isOwnDatabase?: boolean;
  /** Of slow clients; default: `PATIENCE`. */
  readonly patience?: Partial<Patience>;
  /** Takes what clients are not told; default: JSON on stderr, secrets removed. */
  readonly logger?: Logger;
}

/** A server that answers until `close()`. */
export interface RunningApi {
  /** Of the GraphQL endpoint, and of GraphiQL in a browser. */
  readonly url: string;
  readonly port: number;
  /** Takes no new requests and lets the running ones finish, for some seconds. */
  close(): Promise<void>;
}

const ENDPOINT = '/graphql';
const DEFAULT_READY_LAG_BLOCKS = 100;

/**
 * Serves the GraphQL API.
 *
 * @throws ImoError `PORT_IN_USE`, `PORT_FORBIDDEN`, `TRUSTED_PROXY_INVALID` or
 *   `PERSISTED_QUERIES_INVALID`
 */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const {
    databaseUrl,
    port,
    chains = [],
    host = '127.0.0.1',
    serving = SERVING_DEFAULTS,
  } = options;
  const logger = options.logger ?? createApiLogger();
  const patience = { ...PATIENCE, ...options.patience };
  const listed = await loadPersistedQueries(serving.persistedQueries.file);
  const pool = openPool(databaseUrl, logger, serving.limits);
  if (options.isOwnDatabase !== true) void warnIfWritable(pool, logger);
  const metrics = new ApiMetrics(pool);
  const clients = new Clients(serving);
  const live = new LiveHub({
    databaseUrl,
    logger,
    subscriptionsAtMost: serving.limits.subscriptions,
    ...options.live,
  });
  const services = createServices(pool, chains, live);
  const mask = (error: unknown) =>
    maskError(error, (cause) => logger.error({ err: cause }, 'a request failed'));
  const yoga = createApi({ services, serving, listed, metrics, mask });
  const probes = [
    healthPages({
      services,
      metrics,
      lagAtMost: options.readyLagBlocks ?? DEFAULT_READY_LAG_BLOCKS,
      onError: (error) => logger.error({ err: error }, 'the state of health is not known'),
    }),
  ];
  const onError = (error: unknown) => logger.error({ err: error }, 'a request failed');
  const exports = {
    desk: new ExportDesk({ databaseUrl }),
    paceMs: patience.paceMs,
    onError: (error: unknown) => logger.error({ err: error }, 'an export failed'),
  };
  // The first that knows the path answers; one line each.
  const handlers: Handler[] = [
    rootRedirect,
    // Who may ask listed queries only has no use for it.
    ...(serving.persistedQueries.only ? [] : [graphiqlPage(ENDPOINT, EXAMPLE_QUERY)]),
    graphqlPost({
      ...serving.limits,
      path: ENDPOINT,
      mask,
      admitMore: (exchange, operations) => clients.admitMore(exchange, operations),
      answer: (params) => answerOne(yoga, params),
    }),
    ({ request, response }) => answerExport(request, response, exports),
    ({ request, response }) => answerRest(request, response, { ...services, onError }),
    ({ request, response }) => answerByYoga(yoga, request, response),
  ];
  const server = new HttpServer(
    frontDoor({ serving, clients, probes, handlers, metrics, logger }),
    patience,
  );
  const sockets = serveWebSockets({
    server: server.node,
    yoga,
    path: ENDPOINT,
    maskError: mask,
    messageBytesAtMost: serving.limits.requestBytes,
    clients,
    isOriginAllowed: (origin) => isOriginAllowed(origin, serving.corsOrigins),
    isServed: isServed(serving, listed),
    metrics,
    socketsAtMost: serving.limits.sockets,
    operationsAtMost: serving.limits.socketOperations,
  });
  metrics.watchLive({ subscriptions: () => live.subscriptions, sockets: () => sockets.open });
  let bound: number;
  try {
    bound = await server.listen(port, host);
  } catch (error) {
    await pool.end();
    throw error;
  }
  let closed: Promise<void> | null = null;
  const close = async () => {
    const finished = server.close();
    await live.close();
    await sockets.close();
    await finished;
    await exports.desk.close();
    await yoga.dispose();
    await pool.end();
  };
  return {
    url: `http://${nameOf(host)}:${bound}${ENDPOINT}`,
    port: bound,
    close() {
      closed ??= close();
      return closed;
    },
  };
}

type Api = YogaServerInstance<Exchanged, ApiContext>;

interface ApiParts {
  readonly services: ApiServices;
  readonly serving: ServingConfig;
  readonly listed: ReadonlyMap<string, string>;
  readonly metrics: ApiMetrics;
  readonly mask: (error: unknown) => GraphQLError;
}

function createApi({ services, serving, listed, metrics, mask }: ApiParts): Api {
  const schema = buildApiSchema();
  const { limits } = serving;
  return createYoga<Exchanged, ApiContext>({
    schema,
    context: () => createContext(services),
    graphqlEndpoint: ENDPOINT,
    landingPage: false,
    // The page of graphql-yoga loads its scripts from the internet: ours does not.
    graphiql: false,
    // The front door sets these headers for all paths.
    cors: false,
    multipart: false,
    // Our own path for POST has it, and counts what is in it.
    batching: false,
    maxRequestBodySize: limits.requestBytes,
    // Ours is limited by size, not by number.
    parserAndValidationCache: false,
    maskedErrors: { maskError: mask },
    // Errors are logged where they are masked, expected ones not at all.
    logging: false,
    plugins: [
      refuseBadRequests(),
      measureAnswers(metrics),
      persistedQueries(listed, serving.persistedQueries),
      limitQueries(schema, limits),
      markAnswers(mask),
      refuseMixedAnswers(mask),
      answerEachEvent(services, mask),
    ],
  });
}

/** What the plugin for persisted queries does, for WebSockets. */
function isServed(
  { persistedQueries: { only } }: ServingConfig,
  listed: ReadonlyMap<string, string>,
) {
  const texts = new Set(listed.values());
  return (query: string) => !only || texts.has(query);
}

/** Whatever is not answered by our own path. By itself yoga tells clients the stack of errors. */
async function answerByYoga(
  yoga: Api,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const over = new AbortController();
  // It comes once the answer is sent, too: also of one that is no stream after all.
  response.once('close', () => over.abort());
  if (response.destroyed) return;
  const answer = await yoga.handleNodeRequestAndResponse(request, response, { over: over.signal });
  await sendNodeResponse(answer, response, request, true);
}

/** One operation through all plugins; they need no request. */
async function answerOne(yoga: Api, params: GraphQLParams): Promise<ExecutionResult> {
  const request = NO_REQUEST;
  const result = await yoga.getResultForParams({ params, request }, {} as never);
  if (result === undefined || Symbol.asyncIterator in result) {
    // Nobody will take its events: it would be open for ever.
    await result?.[Symbol.asyncIterator]().return?.();
    throw notInParts();
  }
  return result as ExecutionResult;
}

const NO_REQUEST = new Request('http://localhost/graphql', { method: 'POST' });

function notInParts(): GraphQLError {
  return inputError(
    'NOT_ACCEPTABLE',
    'the answer comes in parts',
    'Accept text/event-stream for a subscription.',
  );
}

const rootRedirect: Handler = ({ path, request, response }) => {
  if (path !== '/' || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
  response.writeHead(302, { location: ENDPOINT }).end();
  return true;
};

/** A name under which this machine reaches itself. */
function nameOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
