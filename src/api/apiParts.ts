import type { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { type MetricsConfig, SERVING_DEFAULTS, type ServingConfig } from '../config/serving.js';
import { describeDatabase } from '../store/database/connect.js';
import { isPooled } from '../store/database/pooler.js';
import { serversOf } from '../store/database/servers.js';
import { maskError, withoutSuggestions } from './errors.js';
import { ApiMetrics, operationNameOf as operationName } from './http/apiMetrics.js';
import { Clients } from './http/clients/clients.js';
import { type Dashboard, openDashboard } from './http/dashboard.js';
import type { ClientPatience } from './http/httpServer.js';
import { Runs } from './http/runs.js';
import { loadPersistedQueries } from './limits/documents/persistedQueries.js';
import { PreparedQueries } from './limits/documents/preparedQueries.js';
import { RequestTurns } from './limits/turns/requestTurns.js';
import { LiveHub, type LiveOptions } from './live/books/hub.js';
import { createApiLogger } from './operate/apiLogger.js';
import { DatabaseLanes } from './reads/lanes.js';
import type { ApiChain } from './reads/node/apiChain.js';
import { type ApiPools, openPools, warnIfWritable } from './reads/pool.js';
import { type ApiServices, createServices, servicesOn } from './request/context.js';
import { ReadServer } from './request/readServer.js';
import { ReadServers } from './request/readServers.js';

export interface ApiOptions {
  /**
   * PostgreSQL URL, with several hosts if the database may move. The server only reads: a role
   * that may SELECT is enough, and a standby is.
   */
  readonly databaseUrl: string;
  /** Where to LISTEN for commits, if `databaseUrl` leads to a pooler; default: at `databaseUrl`. */
  readonly listenUrl?: string | null;
  /** Streaming replicas of that server, which requests read from while they are near it. */
  readonly replicaUrls?: readonly string[];
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

/** What the ways to the API share. */
export interface ApiParts {
  readonly logger: Logger;
  readonly serving: ServingConfig;
  /** Texts of queries in the file, and of those that the page asks, by hash. */
  readonly listed: ReadonlyMap<string, string>;
  /** `null`: the page was not built. */
  readonly dashboard: Dashboard | null;
  readonly clients: Clients;
  /** Of the main server and of its replicas. */
  readonly pools: readonly ApiPools[];
  readonly servers: ReadServers;
  readonly metrics: ApiMetrics;
  readonly turns: RequestTurns;
  readonly runs: Runs;
  readonly prepared: PreparedQueries;
  readonly live: LiveHub;
  readonly services: ApiServices;
  /** Hides from clients what they may not see of an error. */
  readonly mask: (error: unknown) => GraphQLError;
}

/** @throws ImoError `TRUSTED_PROXY_INVALID` or `PERSISTED_QUERIES_INVALID` */
export async function openApiParts(options: ApiOptions): Promise<ApiParts> {
  const { databaseUrl, chains = [], serving = SERVING_DEFAULTS } = options;
  const logger = options.logger ?? createApiLogger();
  const { basePath, persistedQueries } = serving;
  const dashboard = await openDashboard({ basePath, hasGraphiql: !persistedQueries.only });
  const listed = new Map([
    ...(await loadPersistedQueries(persistedQueries.file)),
    ...(dashboard?.queries ?? []),
  ]);
  const clients = clientsOf(serving, logger);
  const pools = openPools(databaseUrl, logger, serving.limits);
  await pools.hosts.look();
  if (options.isOwnDatabase !== true) void warnIfWritable(pools.shared, logger);
  const allowed = [...listed.values()].map((text) => operationName({ query: text }));
  const replicas = (options.replicaUrls ?? []).map((url) => ({
    url,
    pools: openPools(url, logger, serving.limits),
  }));
  const allPools = [pools, ...replicas.map((replica) => replica.pools)];
  const metrics = new ApiMetrics(allPools, allowed);
  const lanes = new DatabaseLanes(pools);
  const turns = new RequestTurns(pools.heavy.options.max);
  const live = new LiveHub({
    databaseUrl: options.listenUrl ?? databaseUrl,
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
  const servers = readServersOf({ url: databaseUrl, pools }, replicas, services, serving);
  metrics.watchReplicas(() => servers.lags);
  // Costs depend on them: the first request does not have to wait.
  void services.sizes.current(0);
  return {
    logger,
    serving,
    listed,
    dashboard,
    clients,
    pools: allPools,
    servers,
    metrics,
    turns,
    runs: new Runs(serving.limits, clients),
    prepared: new PreparedQueries(serving.limits.tokens),
    live,
    services,
    mask: maskOf(serving, logger),
  };
}

interface OpenedServer {
  readonly url: string;
  readonly pools: ApiPools;
}

/** @param services of the main server */
function readServersOf(
  main: OpenedServer,
  replicas: readonly OpenedServer[],
  services: ApiServices,
  { limits }: ServingConfig,
): ReadServers {
  const serverOf = ({ url, pools }: OpenedServer, own: ApiServices) =>
    new ReadServer(describeDatabase(serversOf(url)[0]), own, pools.server, isPooled(url));
  return new ReadServers(
    serverOf(main, services),
    replicas.map((replica) =>
      serverOf(
        replica,
        servicesOn(services, new DatabaseLanes(replica.pools), limits.computedHolders),
      ),
    ),
    {
      lagAtMostMs: limits.replicaLagSeconds * 1_000,
      waitAtMostMs: limits.minBlockSeconds * 1_000,
    },
  );
}

function clientsOf(serving: ServingConfig, logger: Logger): Clients {
  return new Clients(serving, (header, address) =>
    logger.warn(
      {
        header,
        address,
        remedy: 'api: {trustedProxies: [ADDRESS OF THE PROXY]} (docs/serving.md)',
      },
      'a proxy that is not named forwards requests: all of its clients count as one',
    ),
  );
}

function maskOf(serving: ServingConfig, logger: Logger): ApiParts['mask'] {
  return (error) => {
    const shown = maskError(error, (cause) => logger.error({ err: cause }, 'a request failed'));
    return serving.suggestions ? shown : withoutSuggestions(shown);
  };
}
