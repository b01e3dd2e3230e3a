import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { GraphQLError } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type pg from 'pg';
import { type Logger, pino } from 'pino';
import { ImoError } from '../errors.js';
import { type ApiContext, type ApiServices, createContext, createServices } from './context.js';
import { maskError } from './errors.js';
import { EXAMPLE_QUERY } from './exampleQuery.js';
import { answerHealth } from './healthPages.js';
import { LiveHub, type LiveOptions } from './live/hub.js';
import { answerEachEvent } from './live/perEvent.js';
import { serveWebSockets, type WebSockets } from './live/webSockets.js';
import { limitQueries, markDisagreements, refuseMixedAnswers } from './plugins.js';
import { openPool } from './pool.js';
import type { ApiChain } from './requestBooks.js';
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
  /** Of subscriptions: how many, and how often to look for news. */
  readonly live?: Omit<LiveOptions, 'databaseUrl' | 'logger'>;
  /** Takes what clients are not told; default: JSON on stderr. */
  readonly logger?: Logger;
}

/** A server that answers until `close()`. */
export interface RunningApi {
  /** Of the GraphQL endpoint, and of GraphiQL in a browser. */
  readonly url: string;
  readonly port: number;
  /** Lets running requests finish, for a few seconds. */
  close(): Promise<void>;
}

const ENDPOINT = '/graphql';
const DEFAULT_READY_LAG_BLOCKS = 100;
const CLOSE_WITHIN_MS = 5_000;
const REQUEST_BYTES_AT_MOST = 200_000;

/**
 * Serves the GraphQL API.
 *
 * @throws ImoError `PORT_IN_USE` or `PORT_FORBIDDEN`
 */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const { databaseUrl, port, chains = [], host = '127.0.0.1' } = options;
  const logger = options.logger ?? pino({ name: 'api' }, pino.destination(2));
  const pool = openPool(databaseUrl, logger);
  const live = new LiveHub({ databaseUrl, logger, ...options.live });
  const services = createServices(pool, chains, live);
  const maskApiError = (error: unknown) =>
    maskError(error, (cause) => logger.error({ err: cause }, 'a request failed'));
  const yoga = createApi(services, maskApiError);
  const health = {
    services,
    lagAtMost: options.readyLagBlocks ?? DEFAULT_READY_LAG_BLOCKS,
    onError: (error: unknown) => logger.error({ err: error }, 'the state of health is not known'),
  };
  const server = createServer((request, response) => {
    if (request.url === '/') response.writeHead(302, { location: ENDPOINT }).end();
    else if (!answerHealth(request, response, health)) void yoga(request, response);
  });
  const sockets = serveWebSockets({
    server,
    yoga,
    path: ENDPOINT,
    maskError: maskApiError,
    messageBytesAtMost: REQUEST_BYTES_AT_MOST,
  });
  try {
    await listen(server, port, host);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const { port: bound } = server.address() as AddressInfo;
  let closed: Promise<void> | null = null;
  return {
    url: `http://${nameOf(host)}:${bound}${ENDPOINT}`,
    port: bound,
    close() {
      closed ??= stop(server, { live, sockets, yoga, pool });
      return closed;
    },
  };
}

type Api = YogaServerInstance<object, ApiContext>;

function createApi(services: ApiServices, mask: (error: unknown) => GraphQLError): Api {
  return createYoga<object, ApiContext>({
    schema: buildApiSchema(),
    context: () => createContext(services),
    graphqlEndpoint: ENDPOINT,
    landingPage: false,
    graphiql: { title: 'imo-ledger', defaultQuery: EXAMPLE_QUERY },
    // The page of graphql-yoga itself loads its scripts from the internet.
    renderGraphiQL,
    cors: { origin: '*', credentials: false, methods: ['GET', 'POST', 'OPTIONS'] },
    multipart: false,
    maxRequestBodySize: REQUEST_BYTES_AT_MOST,
    maskedErrors: { maskError: mask },
    // Errors are logged where they are masked, expected ones not at all.
    logging: false,
    plugins: [
      limitQueries(),
      markDisagreements(mask),
      refuseMixedAnswers(mask),
      answerEachEvent(services, mask),
    ],
  });
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port)));
    server.listen(port, host, resolve);
  });
}

function listenError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new ImoError(
      'PORT_IN_USE',
      `port ${port} is in use by another program`,
      'Stop that program, or choose another port with --port or PORT.',
      { cause: error },
    );
  }
  if (error.code === 'EACCES') {
    return new ImoError(
      'PORT_FORBIDDEN',
      `this user may not listen on port ${port}`,
      'Choose a port above 1023 with --port or PORT.',
      { cause: error },
    );
  }
  return error;
}

interface Parts {
  readonly live: LiveHub;
  readonly sockets: WebSockets;
  readonly yoga: Api;
  readonly pool: pg.Pool;
}

async function stop(server: Server, { live, sockets, yoga, pool }: Parts): Promise<void> {
  const finished = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  await live.close();
  await sockets.close();
  server.closeIdleConnections();
  const impatience = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
  await finished;
  clearTimeout(impatience);
  await yoga.dispose();
  await pool.end();
}

/** A name under which this machine reaches itself. */
function nameOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
