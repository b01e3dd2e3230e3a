import { sendNodeResponse } from '@whatwg-node/server';
import type { ExecutionResult, GraphQLError } from 'graphql';
import { createYoga, type GraphQLParams, type YogaServerInstance } from 'graphql-yoga';
import type { Logger } from 'pino';
import { type MetricsConfig, SERVING_DEFAULTS, type ServingConfig } from '../config/serving.js';
import { ExportRunner } from '../export/request/exportRunner.js';
import { inputError, maskError, withoutSuggestions } from './errors.js';
import { ApiMetrics, measureAnswers, operationNameOf as operationName } from './http/apiMetrics.js';
import { Clients } from './http/clients/clients.js';
import { EXAMPLE_QUERY } from './http/exampleQuery.js';
import { frontDoor } from './http/frontDoor.js';
import { graphiqlPage } from './http/graphiqlPage.js';
import { graphqlPost } from './http/graphqlPost.js';
import { CLIENT_PATIENCE, type ClientPatience, HttpServer, hostNameOf } from './http/httpServer.js';
import type { Exchange, Handler } from './http/messages/exchange.js';
import { isOriginAllowed } from './http/messages/headers.js';
import { sendBody } from './http/messages/sendBody.js';
import { Runs } from './http/runs.js';
import { loadPersistedQueries, persistedQueries } from './limits/documents/persistedQueries.js';
import { PreparedQueries } from './limits/documents/preparedQueries.js';
import type { RequestRun } from './limits/turns/requestRun.js';
import { RequestTurns } from './limits/turns/requestTurns.js';
import { LiveHub, type LiveOptions } from './live/books/hub.js';
import { answerEachEvent } from './live/serve/perEvent.js';
import { serveWebSockets } from './live/serve/webSockets.js';
import { createApiLogger } from './operate/apiLogger.js';
import { healthPages } from './operate/healthPages.js';
import { type OperatorsServer, serveOperators } from './operate/operators.js';
import {
  limitQueries,
  markAnswers,
  noteWishes,
  refuseBadRequests,
  refuseMixedAnswers,
} from './plugins.js';
import { DatabaseLanes } from './reads/lanes.js';
import type { ApiChain } from './reads/node/apiChain.js';
import { endPools, openPools, warnIfWritable } from './reads/pool.js';
import {
  type ApiContext,
  type ApiServices,
  createContext,
  createServices,
  type Exchanged,
} from './request/context.js';
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
  /** Where operators find `/metrics` and `/ready` in detail; default: nowhere. */
  readonly operators?: MetricsConfig | null;
  /** More blocks behind a chain's node than this: `/ready` answers 503. Default: 100. */
  readonly readyLagBlocks?: number;
  /** Limits and manners; default: `SERVING_DEFAULTS`. */
  readonly serving?: ServingConfig;
  /** Of subscriptions: how many, and how often to look for news. */
  readonly live?: Omit<LiveOptions, 'databaseUrl' | 'logger'>;
  /** The database belongs to this process: no warning that its role may write. */
  readonly isOwnDatabase?: boolean;
  /** Of slow clients; default: `PATIENCE`. */
  readonly patience?: Partial<ClientPatience>;
  /** Takes the errors that are hidden from clients; default: JSON on stderr, secrets removed. */
  readonly logger?: Logger;
}

/** A server that answers until `close()`. */
export interface RunningApi {
  /** Of the GraphQL endpoint, and of GraphiQL in a browser. */
  readonly url: string;
  readonly port: number;
  /** Of the pages for operators; `null`: there are none. */
  readonly operatorsUrl: string | null;
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
  const patience = { ...CLIENT_PATIENCE, ...options.patience };
  const listed = await loadPersistedQueries(serving.persistedQueries.file);
  const clients = new Clients(serving, (header, address) =>
    logger.warn(
      {
        header,
        address,
        remedy: 'api: {trustedProxies: [ADDRESS OF THE PROXY]} (docs/serving.md)',
      },
      'a proxy that is not named forwards requests: all of its clients count as one',
    ),
  );
  const pools = openPools(databaseUrl, logger, serving.limits);
  if (options.isOwnDatabase !== true) void warnIfWritable(pools.shared, logger);
  const allowed = [...listed.values()].map((text) => operationName({ query: text }));
  const metrics = new ApiMetrics(pools, allowed);
  const lanes = new DatabaseLanes(pools);
  const turns = new RequestTurns(pools.heavy.options.max);
  const runs = new Runs(serving.limits, clients);
  const prepared = new PreparedQueries(serving.limits.tokens);
  const live = new LiveHub({
    databaseUrl,
    logger,
    subscriptionsAtMost: serving.limits.subscriptions,
    ...options.live,
  });
  const services = createServices(
    lanes.shared('shared'),
    chains,
    live,
    lanes,
    turns,
    serving.limits.computedHolders,
  );
  // Costs depend on them: the first request does not have to wait.
  void services.sizes.current();
  const mask = (error: unknown) => {
    const shown = maskError(error, (cause) => logger.error({ err: cause }, 'a request failed'));
    return serving.suggestions ? shown : withoutSuggestions(shown);
  };
  const yoga = createApi({ services, serving, listed, metrics, mask, clients, prepared });
  const pages = healthPages({
    services,
    metrics,
    lagAtMost: options.readyLagBlocks ?? DEFAULT_READY_LAG_BLOCKS,
    onError: (error) => logger.error({ err: error }, 'the state of health is not known'),
  });
  const onError = (error: unknown) => logger.error({ err: error }, 'a request failed');
  const exports = {
    desk: new ExportRunner({ databaseUrl }),
    paceMs: patience.paceMs,
    onError: (error: unknown) => logger.error({ err: error }, 'an export failed'),
  };
  // The first that knows the path answers; one line each.
  const handlers: Handler[] = [
    rootRedirect(serving.basePath),
    // Who may ask listed queries only has no use for it.
    ...(serving.persistedQueries.only
      ? []
      : [graphiqlPage(ENDPOINT, EXAMPLE_QUERY, serving.basePath)]),
    graphqlPost({
      ...serving.limits,
      path: ENDPOINT,
      mask,
      admitMore: (exchange, operations) => clients.admitMore(exchange, operations),
      open: (exchange) => runs.ofExchange(exchange),
      answer: (params, run) => {
        const answer = () => answerOne(yoga, params, run);
        // What is known already is read at once.
        return prepared.isKnown(params.query) ? answer() : inTurn(turns, run, answer);
      },
    }),
    (exchange) => answerExport(exchange, exports),
    (exchange) => answerRest(exchange, { ...services, runs, onError }),
    async (exchange) => {
      const run = runs.ofExchange(exchange);
      await inTurn(turns, run, () => answerByYoga(yoga, exchange, run, mask));
    },
  ];
  const server = new HttpServer(
    frontDoor({ serving, clients, probes: [pages.forClients], handlers, metrics, logger }),
    patience,
  );
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
  let bound: number;
  let operators: OperatorsServer | null = null;
  try {
    operators = options.operators == null ? null : await serveOperators(options.operators, pages);
    bound = await server.listen(port, host);
  } catch (error) {
    await operators?.close();
    await endPools(pools);
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
    await endPools(pools);
  };
  return {
    url: `http://${hostNameOf(host)}:${bound}${serving.basePath}${ENDPOINT}`,
    port: bound,
    operatorsUrl: operators?.url ?? null,
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
  readonly clients: Clients;
  readonly prepared: PreparedQueries;
}

function createApi({ services, serving, listed, metrics, mask, clients, prepared }: ApiParts): Api {
  const schema = buildApiSchema();
  const { limits } = serving;
  return createYoga<Exchanged, ApiContext>({
    schema,
    context: ({ run }) => createContext(services, run),
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
      noteWishes(),
      limitQueries(schema, limits, mask, prepared),
      markAnswers(mask),
      refuseMixedAnswers(mask),
      answerEachEvent(services, mask, (client) => clients.enterSubscription(client)),
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

/** Whatever is not answered by our own path. By itself yoga tells clients the stack of errors. */
async function answerByYoga(
  yoga: Api,
  exchange: Exchange,
  run: RequestRun,
  mask: (error: unknown) => GraphQLError,
): Promise<void> {
  const { request, response } = exchange;
  const over = new AbortController();
  // It also comes once the answer is sent, even if the answer is not a stream.
  response.once('close', () => over.abort());
  if (response.destroyed) return;
  const exchanged = { over: over.signal, run };
  const answer = await yoga.handleNodeRequestAndResponse(request, response, exchanged);
  if (run.cost !== null) response.setHeader('x-cost', String(run.cost.points));
  const type = answer.headers.get('content-type') ?? '';
  if (type.includes('json')) {
    const { status, headers } = answer;
    return sendWhole(exchange, { status, headers, body: await answer.text() }, run, mask);
  }
  // nginx would keep the events for itself until there are some kilobytes of them.
  if (type.includes('event-stream')) response.setHeader('x-accel-buffering', 'no');
  await sendNodeResponse(answer, response, request, true);
}

/** The answer of a query, or the error of one that is too large. */
async function sendWhole(
  { request, response }: Exchange,
  { status, headers, ...answer }: { status: number; headers: Headers; body: string },
  run: RequestRun,
  mask: (error: unknown) => GraphQLError,
): Promise<void> {
  let { body } = answer;
  try {
    run.answered(Buffer.byteLength(body));
  } catch (error) {
    body = JSON.stringify({ errors: [mask(error)] });
  }
  await sendBody(request, response, status, Object.fromEntries(headers), body);
}

/** One operation through all plugins; they need no request. */
async function answerOne(
  yoga: Api,
  params: GraphQLParams,
  run: RequestRun,
): Promise<ExecutionResult> {
  const request = NO_REQUEST;
  const result = await yoga.getResultForParams({ params, request }, { run } as never);
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

function rootRedirect(basePath: string): Handler {
  return ({ path, request, response }) => {
    if (path !== '/' || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
    response.writeHead(302, { location: `${basePath}${ENDPOINT}` }).end();
    return true;
  };
}
